/** What an app wrote goes into the outbox; attachments that are too long for an envelope leave it before that. */
import type { Awaitable } from "../dm3/crypto/cryptoEngine.js";
import { type MessageContent, unsignedMessage } from "../dm3/message/messageContent.js";
import { resolvableName } from "../ens/resolvableName.js";
import type { Attachments } from "./attachments.js";
import type { Outgoing, SendOptions } from "./outgoing.js";
import type { OutgoingReport } from "./outgoingReport.js";

export interface WritingParts {
  readonly attachments: Pick<Attachments, "kept">;
  readonly outgoing: Pick<Outgoing, "report" | "send">;
  readonly ownName: () => Awaitable<string>;
  readonly nowMs: () => number;
}

/** See `Messenger.send`. */
export function createWriting({ attachments, outgoing, ownName, nowMs }: WritingParts) {
  return async function send(
    to: string,
    given: string | MessageContent,
    options: SendOptions = {},
  ): Promise<OutgoingReport> {
    const content: MessageContent =
      typeof given === "string" ? { type: "NEW", text: given } : given;
    // for what is no message, nothing is uploaded; nor a second time for one that is sent again
    const from = await ownName();
    unsignedMessage({ ...content, from, to: resolvableName(to).name, timestampMs: nowMs() });
    const isKnown = options.id !== undefined && (await outgoing.report(options.id)) !== null;
    return outgoing.send(to, isKnown ? content : await attachments.kept(content), options);
  };
}
