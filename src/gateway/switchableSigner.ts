/** A gatewaySigner that can be replaced by another one while lookups go on. */
import type { GatewaySigner } from "./gatewaySigner.js";

export interface SwitchableSigner extends GatewaySigner {
  /** From the next signature on. What the former signer has under way, it finishes. */
  switchTo(next: GatewaySigner): void;
  /** Called after every switch, in the order of registration. */
  readonly onSwitch: (listener: () => void) => void;
}

export function switchableSigner(first: GatewaySigner): SwitchableSigner {
  const listeners: (() => void)[] = [];
  let current = first;
  return {
    get address() {
      return current.address;
    },
    signDigest: (digest) => current.signDigest(digest),
    switchTo: (next) => {
      current = next;
      for (const listener of listeners) listener();
    },
    onSwitch: (listener) => {
      listeners.push(listener);
    },
  };
}
