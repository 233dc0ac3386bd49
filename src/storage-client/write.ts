/** One thing that is to be written into a storage: plain JSON, as it is kept on the device until then. */

interface About {
  /** As the app or the message names the person. */
  readonly contact: string;
  /** Of the conversation, where that was known: then nobody has to be looked up any more. */
  readonly id?: string;
  /** Conversations that were deleted while nobody knew whose this is: it is given up if it turns out to be of one of them. */
  readonly goneWith?: readonly string[];
}

/** One message of a conversation. */
interface Container extends About {
  readonly messageHash: string;
  /** JSON, not encrypted: this is the user's own device. */
  readonly container: string;
  /** Unix time in milliseconds. */
  readonly createdMs: number;
}

export type Write =
  | ({
      readonly kind: "add";
      readonly isHalted: boolean;
      /** Of a message that the relay nodes keep until it is stored; null for the user's own. */
      readonly incomingId: string | null;
    } & Container)
  | ({ readonly kind: "edit" } & Container)
  /** The person is somebody that the user talks with. */
  | ({ readonly kind: "conversation" } & About)
  | ({ readonly kind: "hide"; readonly isHidden: boolean } & About)
  /** The message is to be gone from all devices. */
  | ({
      readonly kind: "delete message";
      readonly messageHash: string;
      /** The storage's own; null where that is not known. */
      readonly rowId: string | null;
    } & About)
  /** The conversation, with all that is in it. */
  | ({ readonly kind: "delete conversation" } & About)
  /** A halted message can be sent. */
  | ({ readonly kind: "clear"; readonly messageHash: string } & About);

export function isDeletion({ kind }: Write): boolean {
  return kind === "delete message" || kind === "delete conversation";
}
