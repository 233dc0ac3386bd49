/**
 * Whose conversation it is, as dm3's clients have it: by the person's Ethereum address below the client's own domain of address
 * names, so that all names of one person are one conversation. Somebody without an address is called by name.
 */
import { toHex } from "../abi/hex.js";
import type { Address } from "../ens/address.js";
import { resolvableName } from "../ens/resolvableName.js";
import { isSignpostError } from "../errors.js";
import type { StorageParts } from "../messenger/storagePort.js";
import { leftMs, type Span } from "../sending/span.js";

export interface ContactIds {
  /**
   * @param age "now" where a remembered answer is of no use
   * @throws why the name could not be looked up: UNREACHABLE, and the error of a check that the answer failed
   */
  readonly idOf: (name: string, age?: "remembered" | "now") => Promise<string>;
  /** The same for whoever cannot wait for it: null where it does not come within two seconds, or failed last. Never rejects. */
  readonly soon: (name: string) => Promise<string | null>;
  /** Whether it is an address, or the name that is made of one. */
  readonly isAddress: (name: string) => boolean;
  /** Of somebody whose address was verified. */
  readonly ofAddress: (name: string, address: string) => string;
}

export interface ContactIdParts {
  /** In normal form: `addr.example.eth`. */
  readonly addressDomain: string;
  readonly addressOf: (name: string) => Promise<Address | null>;
  readonly nowMs: () => number;
  readonly sleep: StorageParts["sleep"];
}

/** Whoever moves a name to another wallet is somebody else from then on. */
const FRESH_MS = 5 * 60_000;
const FAILED_MS = 10_000;
const MOST_NAMES = 1_000;
const SOON_MS = 2_000;
const ADDRESS = /^0x[0-9a-f]{40}$/;

interface Kept {
  readonly id: Promise<string>;
  /** How long it is of use. */
  span: Span;
  hasFailed: boolean;
}

export function createContactIds(parts: ContactIdParts): ContactIds {
  const { addressDomain, addressOf, nowMs } = parts;
  const kept = new Map<string, Kept>();

  async function lookUp(name: string): Promise<string> {
    const address = await addressOf(name);
    return address === null ? name : addressName(toHex(address), addressDomain);
  }

  /** Null where the name has to be looked up. */
  function spelled(name: string): string | null {
    if (name.endsWith(`.${addressDomain}`)) return name;
    return ADDRESS.test(name) ? addressName(name, addressDomain) : null;
  }

  async function idOf(text: string, age: "remembered" | "now" = "remembered"): Promise<string> {
    const name = text.toLowerCase();
    const normal = spelled(name) === null ? normalName(name) : null;
    if (normal === null) return spelled(name) ?? name;
    const before = kept.get(normal);
    if (age !== "now" && before !== undefined && leftMs(before.span, nowMs()) > 0) return before.id;
    const id = lookUp(normal);
    const asked: Kept = { id, span: { sinceMs: nowMs(), lengthMs: FRESH_MS }, hasFailed: false };
    kept.delete(normal);
    kept.set(normal, asked);
    id.catch(() => {
      asked.span = { sinceMs: nowMs(), lengthMs: FAILED_MS };
      asked.hasFailed = true;
    });
    const [oldest] = kept.keys();
    if (kept.size > MOST_NAMES && oldest !== undefined) kept.delete(oldest);
    return id;
  }

  return {
    idOf,
    async soon(text) {
      const normal = normalName(text.toLowerCase());
      if (normal !== null && kept.get(normal)?.hasFailed === true) return null;
      const ending = new AbortController();
      const id = idOf(text).catch(() => null);
      try {
        return await Promise.race([id, parts.sleep(SOON_MS, ending.signal).then(() => null)]);
      } finally {
        ending.abort();
      }
    },
    isAddress: (name) => spelled(name.toLowerCase()) !== null,
    ofAddress: (name, address) =>
      spelled(name.toLowerCase()) ?? addressName(address, addressDomain),
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
