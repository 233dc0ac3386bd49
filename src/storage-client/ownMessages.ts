/** What is kept on this device of the messages that the user writes, until nothing more can become of them here. */
import type { NewMessage } from "../dm3/message/messageContent.js";
import type { KeyValue } from "../sending/keyValue.js";

export interface OwnMessage {
  readonly given: NewMessage;
  /** Whether the storage has it as a halted one. */
  readonly isHalted: boolean;
  /** Whether the outbox has had it: then what is missing there was taken back. Until then it is only not there yet. */
  readonly isHandedOver: boolean;
}

/** By their ids in the outbox. */
export interface OwnMessages {
  get(id: string): Promise<OwnMessage | null>;
  put(id: string, message: OwnMessage): Promise<void>;
  forget(id: string): Promise<void>;
  all(): Promise<readonly (readonly [id: string, message: OwnMessage])[]>;
  /** One after the other: each step reads what is kept and then writes it. */
  inTurn<T>(step: () => Promise<T>): Promise<T>;
}

const PLACE = "storage/own/";

export function createOwnMessages(store: KeyValue): OwnMessages {
  let last: Promise<unknown> = Promise.resolve();
  // versions before did not keep whether it was handed over
  const read = (kept: unknown): OwnMessage => ({
    ...(kept as OwnMessage),
    isHandedOver: (kept as Partial<OwnMessage>).isHandedOver ?? true,
  });
  return {
    async get(id) {
      const kept = await store.get(PLACE + id);
      return kept === null ? null : read(kept);
    },
    put: (id, message) => store.set(PLACE + id, message),
    forget: (id) => store.delete(PLACE + id),
    all: async () =>
      (await store.entries(PLACE)).map(([key, kept]) => [key.slice(PLACE.length), read(kept)]),
    inTurn(step) {
      const next = last.then(step);
      last = next.catch(() => undefined);
      return next;
    },
  };
}
