/**
 * A user's conversations in a dm3 storage, for all of the user's devices: those with this SDK, and those with dm3's own web client. What
 * a messenger sends and receives is written there; conversations are read from there.
 */
import { toHex } from "../abi/hex.js";
import type { SignpostError } from "../errors.js";
import { unlessAborted } from "../fetch/unlessAborted.js";
import { resolveAddress } from "../lookup/resolveAddress.js";
import { asSignpostError } from "../messenger/defect.js";
import type { OpenStorage, StorageParts } from "../messenger/storagePort.js";
import { inState } from "./codec/container.js";
import { createConnection } from "./connection.js";
import { createContactIds } from "./contactIds.js";
import { anotherMessage, createDeleting } from "./deleting.js";
import { createHaltedMessages } from "./haltedMessages.js";
import { createHistory } from "./history.js";
import type { MessageStorage } from "./messageStorage.js";
import { createOwnMessages } from "./ownMessages.js";
import { createOwnWriting } from "./ownWriting.js";
import { createPendingWrites } from "./pendingWrites.js";
import { createPutting } from "./putting.js";
import { createReceivedMessages } from "./receivedMessages.js";
import type { StorageSettings } from "./storageSettings.js";
import { createStoredMessages } from "./storedMessages.js";
import { createTakingOver } from "./takingOver.js";
import type { Write } from "./write.js";
import { startWriter } from "./writer.js";

export interface OpenedStorage extends Omit<MessageStorage, "open"> {
  readonly forMessenger: OpenStorage;
}

const INSTANCE_BYTES = 4;
const HALTED_MS = 10 * 60_000;

export function openStorage(settings: StorageSettings, parts: StorageParts): OpenedStorage {
  const { keys, ownNames, contactOf, clock, store, onProblem } = parts;
  const relayNode = settings.url;
  const onFailure = (error: SignpostError, envelope: unknown = null) => {
    onProblem({ relayNode, error, envelope });
  };
  const onDefect = (thrown: unknown) => {
    onFailure(asSignpostError(thrown, "A message could not be stored"));
  };
  const connection = createConnection(settings, parts);
  const contactIds = createContactIds({
    addressDomain: settings.addressDomain,
    addressOf: (name) => resolveAddress(name, parts.lookup),
    ...{ nowMs: clock.nowMs, sleep: parts.sleep },
  });
  const pending = createPendingWrites({
    ...{ store, nowMs: clock.nowMs, instance: toHex(keys[0].engine.entropy(INSTANCE_BYTES)) },
    onAdded: () => {
      writer.added();
    },
  });
  const halted = createHaltedMessages(connection, parts);
  const putting = createPutting({ keys: keys[0], contactIds, halted, onFailure });
  const writer = startWriter({ ...parts, connection, contactIds, pending, putting, onFailure });
  const stored = createStoredMessages({
    ...{ keys, ownNames, contactOf, contactIds, onUnreadable: onFailure },
  });
  const history = createHistory({ connection, contactIds, pending, stored });
  const write = async (one: Write) => {
    await pending.add(one);
  };
  const messages = createOwnMessages(store);
  const own = createOwnWriting({
    ...{ ...parts, messages, onDefect },
    write: async (one) => {
      if (one.kind === "clear") takingOver.cleared(one.messageHash);
      await write(one);
    },
  });
  const takingOver = createTakingOver({
    ...{ ...parts, halted, messages, own, pending },
    onFailure: (thrown) => {
      onFailure(asSignpostError(thrown, "Halted messages could not be read"));
    },
  });
  const received = createReceivedMessages({ ...parts, contactIds });
  const deleting = createDeleting({ contactIds, pending, stored });
  const stopping = new AbortController();
  const isWaiting = async (id: string) =>
    (await pending.all()).some(({ write: one }) => one.kind === "add" && one.incomingId === id);
  /** Never rejects. */
  async function takeUp(): Promise<void> {
    await pending.look().catch(onDefect);
  }
  /** Of other devices: they may leave some at any time. */
  async function followHalted(): Promise<void> {
    while (!stopping.signal.aborted) {
      await takeUp();
      await takingOver.look();
      await parts.sleep(HALTED_MS, stopping.signal);
    }
  }

  const goingOn = own.goOn().catch(onDefect);
  let isFollowing = false;

  return {
    account: async () => (await connection.account()).name,
    conversations: () => history.conversations(),
    messages: (contact) => history.messages(contact),
    addConversation: (contact) => write({ kind: "conversation", contact }),
    async setHidden(contact, isHidden) {
      // by its address it is one that is there
      if (!contactIds.isAddress(contact)) await write({ kind: "conversation", contact });
      await write({ kind: "hide", contact, isHidden });
    },
    async markRead(messages) {
      for (const message of messages) {
        const given = stored.givenOf(message);
        if (given === null) throw anotherMessage();
        if (message.isRead || message.isOwn) continue;
        const { from: contact, messageHash, storedMs: createdMs } = message;
        await write({
          ...{ kind: "edit", contact, id: given.id, messageHash, createdMs },
          container: inState(given.container.members, "read"),
        });
      }
    },
    deleteMessages: (messages) => deleting.messages(messages),
    deleteConversation: (contact) => deleting.conversation(contact),
    settled: (signal) => unlessAborted(signal, pending.none()),
    forMessenger: {
      written: (id, given) => own.written(id, given),
      outgoing: (report) => {
        own.became(report);
      },
      withdrawn: (id) => own.withdrawn(id),
      mayBeSent: (id) => takingOver.mayBeSent(id),
      arrived: (message, envelope) => {
        received.arrived(message, envelope);
      },
      async received(message) {
        const { done } = await pending.add(await received.add(message));
        return { stored: done };
      },
      async isWaiting(id) {
        if (await isWaiting(id)) return true;
        // another page may have it
        await pending.look();
        return isWaiting(id);
      },
      async read(message) {
        const seen = await received.seen(message);
        if (seen !== null) await write(seen);
      },
      start: () => {
        if (isFollowing) return;
        isFollowing = true;
        void goingOn.then(followHalted);
      },
      wake: () => {
        writer.wake();
        void takeUp();
      },
      stop: () => {
        stopping.abort();
        return writer.stop();
      },
    },
  };
}
