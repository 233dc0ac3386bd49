/**
 * Whose conversation it is, as dm3's clients have it: by the person's Ethereum address below the client's own domain of address
 * names, so that all names of one person are one conversation. Somebody without an address is called by name.
 */
import { toHex } from "../abi/hex.js";
import type { Address } from "../ens/address.js";
import { resolvableName } from "../ens/resolvableName.js";
import { isSignpostError } from "../errors.js";

export interface ContactIds {
  /**
   * @param age "now" where a remembered answer is of no use
   * @throws why the name could not be looked up: UNREACHABLE, and the error of a check that the answer failed
   */
  readonly idOf: (name: string, age?: "remembered" | "now") => Promise<string>;
}

export interface ContactIdParts {
  /** In normal form: `addr.example.eth`. */
  readonly addressDomain: string;
  readonly addressOf: (name: string) => Promise<Address | null>;
  readonly nowMs: () => number;
}

/** Whoever moves a name to another wallet is somebody else from then on. */
const FRESH_MS = 5 * 60_000;
const FAILED_MS = 10_000;
const MOST_NAMES = 1_000;
const ADDRESS = /^0x[0-9a-f]{40}$/;

export function createContactIds({ addressDomain, addressOf, nowMs }: ContactIdParts): ContactIds {
  const kept = new Map<string, { readonly id: Promise<string>; untilMs: number }>();

  async function lookUp(name: string): Promise<string> {
    const address = await addressOf(name);
    return address === null ? name : addressName(toHex(address), addressDomain);
  }

  return {
    async idOf(text, age = "remembered") {
      const name = text.toLowerCase();
      if (name.endsWith(`.${addressDomain}`)) return name;
      if (ADDRESS.test(name)) return addressName(name, addressDomain);
      const normal = normalName(name);
      if (normal === null) return name;
      const before = kept.get(normal);
      if (age !== "now" && before !== undefined && nowMs() < before.untilMs) return before.id;
      const id = lookUp(normal);
      const asked = { id, untilMs: nowMs() + FRESH_MS };
      kept.delete(normal);
      kept.set(normal, asked);
      id.catch(() => (asked.untilMs = nowMs() + FAILED_MS));
      const [oldest] = kept.keys();
      if (kept.size > MOST_NAMES && oldest !== undefined) kept.delete(oldest);
      return id;
    },
  };
}

/** @param address `0x` and lower-case hex */
export function addressName(address: string, domain: string): string {
  return `${address.toLowerCase()}.${domain}`;
}

/** Null for what ENS could not have. */
function normalName(text: string): string | null {
  try {
    return resolvableName(text).name;
  } catch (error) {
    if (isSignpostError(error, "INVALID_NAME")) return null;
    throw error;
  }
}
