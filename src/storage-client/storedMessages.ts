/** From a container to a message that an app can show, and who really wrote it. */
import { encodeBase64 } from "../dm3/base64.js";
import { isSameName } from "../dm3/message/messageNames.js";
import type { ReceivedMessage } from "../dm3/message/receivedMessage.js";
import { isSignedText } from "../dm3/message/textSignature.js";
import { isSignpostError, SignpostError } from "../errors.js";
import type { StorageParts } from "../messenger/storagePort.js";
import { type ReadContainer, readContainer } from "./codec/container.js";
import { openContainer } from "./codec/sealedContainer.js";
import type { ContactIds } from "./contactIds.js";
import type { StoredMessage } from "./conversation.js";

interface Row {
  /** The storage's own; null where it is not known. */
  readonly id: string | null;
  readonly storedMs: number;
  readonly isHalted: boolean;
}

export interface StoredMessages {
  /**
   * @param id of the conversation
   * @param account the account's name
   * @returns null for what is none of ours, which is told
   */
  opened(sealed: string, row: Row, id: string, account: string): Promise<StoredMessage | null>;
  /** The same of a container that is at hand. */
  read(container: string, row: Row, id: string, account: string): Promise<StoredMessage | null>;
  /** What is known of a message that was given to an app. */
  givenOf(message: StoredMessage): GivenMessage | null;
}

interface GivenMessage {
  /** Of the conversation that it is in. */
  readonly id: string;
  readonly container: ReadContainer;
  readonly rowId: string | null;
}

export interface StoredMessagesParts extends Pick<StorageParts, "keys" | "ownNames" | "contactOf"> {
  readonly contactIds: ContactIds;
  readonly onUnreadable: (error: SignpostError, row: unknown) => void;
}

export function createStoredMessages(parts: StoredMessagesParts): StoredMessages {
  const { keys, ownNames, contactOf, contactIds, onUnreadable } = parts;
  /** As long as the app has them. */
  const given = new WeakMap<StoredMessage, GivenMessage>();

  async function signatureOf(
    message: ReceivedMessage,
    isOwn: boolean,
    id: string,
  ): Promise<StoredMessage["signature"]> {
    try {
      const isHere = (await contactIds.idOf(isOwn ? message.to : message.from)) === id;
      if (!isHere) return "failed";
      const signers = isOwn ? ownSigners() : await signersNamed(message.from);
      if (signers === null) return "unknown";
      for (const key of signers) {
        const { signedText, signature } = message;
        if (await isSignedText(keys[0].engine, key, signedText, signature)) return "passed";
      }
      return "failed";
    } catch (error) {
      if (isSignpostError(error)) return "unknown";
      throw error;
    }
  }

  const ownSigners = () => keys.map(({ signingKey }) => encodeBase64(signingKey.publicKey));

  async function signersNamed(name: string): Promise<readonly string[] | null> {
    const contact = await contactOf(name);
    return contact && [contact.profile.publicSigningKey];
  }

  async function read(
    text: string | null,
    { id: rowId, storedMs, isHalted }: Row,
    id: string,
    account: string,
  ): Promise<StoredMessage | null> {
    const container = text === null ? null : readContainer(text);
    if (container === null) return null;
    const { from, to, timestampMs, content, messageHash } = container.message;
    const isOwn = [...ownNames, account].some((name) => isSameName(name, from));
    const message: StoredMessage = {
      ...{ from, to, timestampMs, content, messageHash, isOwn, isHalted, storedMs },
      signature: await signatureOf(container.message, isOwn, id),
      isRead: container.isRead,
    };
    given.set(message, { id, container, rowId });
    return message;
  }

  return {
    async opened(sealed, row, id, account) {
      const message = await read(await openContainer(keys, sealed), row, id, account);
      if (message === null) onUnreadable(unreadable(), sealed);
      return message;
    },
    read,
    givenOf: (message) => given.get(message) ?? null,
  };
}

function unreadable(): SignpostError {
  return new SignpostError(
    "MESSAGE_MALFORMED",
    "The storage has a message that was encrypted for another key, or is none. If the user's keys changed, give the former ones as earlierKeys.",
  );
}
