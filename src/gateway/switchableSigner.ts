/** A gatewaySigner that can be replaced by another one while lookups go on. */
import type { Digest } from "../abi/digest.js";
import { type GatewaySigner, signInTurn } from "./gatewaySigner.js";

export interface SwitchableSigner extends GatewaySigner {
  /** From the next signature on. What the former signer has under way, it finishes. */
  switchTo(next: GatewaySigner): void;
  /** Called after every switch, in the order of registration. */
  readonly onSwitch: (listener: () => void) => void;
}

export function switchableSigner(first: GatewaySigner): SwitchableSigner {
  const listeners: (() => void)[] = [];
  let current = first;

  /** What waits for a turn of the former signer, and what came after the switch as well, is for the next one. */
  async function signByCurrent(makeDigest: () => Digest | null): Promise<Uint8Array | null> {
    const asked = current;
    const turn = { isForNext: false };
    const signature = await signInTurn(asked, () => {
      turn.isForNext = asked !== current;
      return turn.isForNext ? null : makeDigest();
    });
    return turn.isForNext ? signByCurrent(makeDigest) : signature;
  }

  return {
    get address() {
      return current.address;
    },
    signDigest: (digest) => current.signDigest(digest),
    signInTurn: signByCurrent,
    switchTo: (next) => {
      current = next;
      for (const listener of listeners) listener();
    },
    onSwitch: (listener) => {
      listeners.push(listener);
    },
  };
}
