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
import type { HaltedRow } from "./storageRows.js";

interface Halted {
  /** The storage's own. */
  readonly rowId: string;
  readonly messageHash: MessageHash;
  readonly given: NewMessage;
}

export interface HaltedList {
  /** Those that the user wrote, 10,000 at most. A storage can put any row there, so a message counts only if the user's own key signed just that one. */
  readonly written: readonly Halted[];
  /** Of all messages that are there; null where there are more than were read. */
  readonly hashes: ReadonlySet<string> | null;
}

export interface HaltedMessages {
  /** @throws what the storage's API throws */
  list(): Promise<HaltedList>;
  /** The storage's id of the row with this message; null where it was never seen halted. Throws what the storage's API throws. */
  rowIdOf(messageHash: string): Promise<string | null>;
}

interface Opened {
  readonly rowId: string;
  readonly message: ReceivedMessage;
}

/** Of a storage that goes on without end. */
const MOST_PAGES = 200;
/** More are taken over when these were sent. */
const MOST_WRITTEN = 10_000;

export function createHaltedMessages(
  connection: Connection,
  { keys, ownNames }: Pick<StorageParts, "keys" | "ownNames">,
): HaltedMessages {
  const [{ signingKey }] = keys;
  /** As they were last read. */
  const rowIds = new Map<string, string>();

  /** Returns whether these were all. */
  async function* rows(): AsyncGenerator<HaltedRow, boolean> {
    const { at } = await connection.account();
    let after = "";
    for (let page = 0; page < MOST_PAGES; page++) {
      const { rows: some, next } = await at((api, token) => api.halted(token, after));
      yield* some;
      // a storage without cursors has one page
      if (next === null) return true;
      if (next === after || some.length === 0) return false;
      after = next;
    }
    return false;
  }

  /** The same. */
  async function* opened(): AsyncGenerator<Opened, boolean> {
    const all = rows();
    for (;;) {
      const row = await all.next();
      if (row.done === true) return row.value;
      const { id, sealedContainer } = row.value;
      const text = await openContainer(keys, sealedContainer);
      const container = text === null ? null : readContainer(text);
      if (container === null) continue;
      const { message } = container;
      if (rowIds.size < MOST_WRITTEN) rowIds.set(message.messageHash, id);
      yield { rowId: id, message };
    }
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
      rowIds.clear();
      const written: Halted[] = [];
      const hashes = new Set<string>();
      const all = opened();
      while (written.length < MOST_WRITTEN) {
        const next = await all.next();
        if (next.done === true) return { written, hashes: next.value ? hashes : null };
        const { rowId, message } = next.value;
        hashes.add(message.messageHash);
        const given = await asWritten(message);
        if (given !== null) written.push({ rowId, messageHash: message.messageHash, given });
      }
      return { written, hashes: null };
    },
    async rowIdOf(messageHash) {
      const known = rowIds.get(messageHash);
      if (known !== undefined) return known;
      for await (const { rowId, message } of opened()) {
        if (message.messageHash === messageHash) return rowId;
      }
      return null;
    },
  };
}
