/** What a mail says, once it is open: the mail's own words for what DM3 calls the types of messages. */
import type { FileContent } from "../mime/entity.js";

/** With its angle brackets: `<b4f1…@mail.example>`. */
export type MessageId = `<${string}>`;

interface About {
  readonly about: MessageId;
}

export interface Written {
  readonly text: string;
  readonly files: readonly FileContent[];
}

/** RFC 3464, section 2.3.3. */
export const REPORT_ACTIONS = ["failed", "delayed", "delivered", "relayed", "expanded"] as const;

export type ReportAction = (typeof REPORT_ACTIONS)[number];

export type MailContent =
  | ({ readonly type: "NEW" } & Written)
  | ({
      readonly type: "REPLY";
      /** What the sender's client showed of the other message, without marks; absent where it quoted nothing. */
      readonly quote?: string;
    } & Written &
      About)
  | ({ readonly type: "EDIT"; readonly text: string } & About)
  /** The text is one emoji, or several with blanks between; empty to take it back. */
  | ({ readonly type: "REACTION"; readonly text: string } & About)
  | { readonly type: "DELETE_REQUEST"; readonly about: readonly MessageId[] }
  | ({ readonly type: "READ_OPENED" } & About)
  /** Of a server that could not, or not yet, deliver a mail. */
  | ({
      readonly type: "REPORT";
      readonly action: ReportAction;
      /** RFC 3463: `5.1.1`. */
      readonly status: string;
      readonly sentence: string;
      /** To whom it was written. */
      readonly recipient: string;
    } & About)
  /** A step of an invitation: see `answerInvitation` and `confirmInvitation`. */
  | { readonly type: "INVITATION"; readonly step: string; readonly fields: InvitationFields }
  /** Something that this version does not know: show that there is something, or nothing. */
  | { readonly type: "UNKNOWN"; readonly typeName: string; readonly text: string };

export interface InvitationFields {
  readonly authentication?: string;
  readonly fingerprint?: string;
}
