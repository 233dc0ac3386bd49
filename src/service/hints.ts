/**
 * What capabilities of one process tell each other, so that nobody waits for the next look into the store. A hint may get
 * lost, and other processes do not hear it: the store is the truth.
 */
import type { Address } from "../ens/address.js";
import type { AcceptedMessage } from "../relay/submit.js";

interface Hint<Value> {
  readonly give: (value: Value) => void;
  /** Returns what ends it. A listener must not throw. */
  readonly listen: (listener: (value: Value) => void) => () => void;
}

interface MessageKept {
  /** For whom the relay node keeps it. */
  readonly account: Address;
  readonly message: AcceptedMessage | null;
}

export interface Hints {
  readonly messageKept: Hint<MessageKept>;
}

export function newHints(): Hints {
  return { messageKept: hint() };
}

function hint<Value>(): Hint<Value> {
  const listeners = new Set<(value: Value) => void>();
  return {
    give: (value) => {
      for (const listener of listeners) listener(value);
    },
    listen: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
