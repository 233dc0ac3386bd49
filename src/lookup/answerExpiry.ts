import { abiFunction } from "../abi/abiFunction.js";
import { isSignpostError } from "../errors.js";

/** The form of ensdomains' offchain resolver and ours: the result, when it expires, and a signature of both. */
export const signedResponse = abiFunction<
  [],
  [result: Uint8Array, expires: bigint, signature: Uint8Array]
>("function response() view returns (bytes result, uint64 expires, bytes signature)");

/** Year 10000: what is later is no time in seconds. */
const FIRST_NO_TIME = 253_402_300_800n;

/** Until when the answers of gateways are valid that one reading is made of. */
export class AnswerExpiry {
  /** Unix time in seconds of the earliest; null when none said. */
  earliestSec: number | null = null;

  /** The same in ISO 8601, UTC. */
  get isoTime(): string | null {
    return this.earliestSec === null ? null : new Date(this.earliestSec * 1000).toISOString();
  }

  /** Takes a gateway's response. One of another form says nothing about its end. */
  note(response: Uint8Array): void {
    try {
      const [, expires] = signedResponse.decodeOutput(response);
      if (expires >= FIRST_NO_TIME) return;
      this.earliestSec = Math.min(this.earliestSec ?? Infinity, Number(expires));
    } catch (error) {
      if (!isSignpostError(error, "INVALID_CALL_DATA")) throw error;
    }
  }
}
