/** Messages of the user to somebody who had no profile, written on any device: whichever device can, sends them. */
import type { MessageHash } from "../dm3/message/message.js";
import { type NewMessage, unsignedMessage } from "../dm3/message/messageContent.js";
import { signMessage } from "../dm3/message/messageSignature.js";
import type { ReceivedMessage } from "../dm3/message/receivedMessage.js";
import { dm3Hash } from "../dm3/stringify.js";
import { isSignpostError } from "../errors.js";
import type { StorageParts } from "../messenger/storagePort.js";
import { readContainer } from "./codec/container.js";
import { openContainer } from "./codec/sealedContainer.js";
import type { Connection } from "./connection.js";

export interface Halted {
  /** The storage's own. */
  readonly rowId: string;
  readonly messageHash: MessageHash;
  readonly given: NewMessage;
}

export interface HaltedMessages {
  /**
   * Those that the user wrote. A storage can put any row there, so a message counts only if the user's own key signed just that one.
   * @throws what the storage's API throws
   */
  list(): Promise<readonly Halted[]>;
  /** The storage's id of the row with this message; null where it is not halted. Throws what the storage's API throws. */
  rowIdOf(messageHash: string): Promise<string | null>;
}

export function createHaltedMessages(
  connection: Connection,
  { keys, ownNames }: Pick<StorageParts, "keys" | "ownNames">,
): HaltedMessages {
  const [{ signingKey }] = keys;

  async function opened(): Promise<readonly { rowId: string; message: ReceivedMessage }[]> {
    const { at } = await connection.account();
    const rows = await at((api, token) => api.halted(token));
    const all = await Promise.all(
      rows.map(async ({ id, sealedContainer }) => {
        const text = await openContainer(keys, sealedContainer);
        const container = text === null ? null : readContainer(text);
        return container === null ? [] : [{ rowId: id, message: container.message }];
      }),
    );
    return all.flat();
  }

  /** What signing it again gives, which is the same as long as it is the user's. Null for what nobody can write. */
  async function asWritten(message: ReceivedMessage): Promise<NewMessage | null> {
    const { from, to, timestampMs, content, messageHash } = message;
    const { name } = await connection.account();
    if (content.type === "UNKNOWN" || ![...ownNames, name].includes(from)) return null;
    const given: NewMessage = { ...content, from, to, timestampMs };
    try {
      const again = await signMessage(signingKey, unsignedMessage(given));
      return dm3Hash(again) === messageHash ? given : null;
    } catch (error) {
      if (isSignpostError(error, "INVALID_NAME", "INVALID_REQUEST")) return null;
      throw error;
    }
  }

  return {
    async list() {
      const written: Halted[] = [];
      for (const { rowId, message } of await opened()) {
        const given = await asWritten(message);
        if (given !== null) written.push({ rowId, messageHash: message.messageHash, given });
      }
      return written;
    },
    async rowIdOf(messageHash) {
      const row = (await opened()).find(({ message }) => message.messageHash === messageHash);
      return row?.rowId ?? null;
    },
  };
}
