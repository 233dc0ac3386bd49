/** Sessions: API keys that a domain's owner gets by a signature. They end by themselves, and with the wallet's ownership. */
import type { Digest } from "../../abi/digest.js";
import { toHex } from "../../abi/hex.js";
import { sha256OfText } from "../../abi/sha256.js";
import { type Address, checksumAddress } from "../../ens/address.js";
import type { Scope } from "../../wire/scopes.js";
import { type KeyLimits, type NewApiKey, newApiKey } from "./apiKey.js";

/** Enough for people at a page: of all sessions of a domain together. */
const SESSION_LIMITS: KeyLimits = { changesPerMinute: 600, changesPerDay: 20_000 };

export const SESSION_MINUTES = 60;
/** So long after its end it is known whose number stands in a history. */
export const USED_SESSION_DAYS = 90;
/** Of a domain, at the same time. */
export const MOST_SESSIONS = 20;
/** Of a domain, within `SESSION_MINUTES`. */
export const MOST_OPENED = 100;

export const SESSIONS_BUCKET = "sessions ";

export interface NewSession {
  readonly domain: string;
  readonly wallet: Address;
  /** What the wallet signed. */
  readonly digest: Digest;
  readonly key: NewApiKey;
}

/** Under which their changes are counted. A digest, because a domain's name may be too long there. */
export function sessionsBucket(domain: string): string {
  return `${SESSIONS_BUCKET}${toHex(sha256OfText(domain)).slice(2)}`;
}

/** @param apiKey from `sessionKeyFrom` */
export function newSession(
  { domain, wallet, digest }: Omit<NewSession, "key">,
  apiKey: string,
  scopes: readonly Scope[],
): NewSession {
  const label = `session of ${checksumAddress(wallet)}`;
  const key = newApiKey(apiKey, { label, scopes, limits: SESSION_LIMITS });
  return { domain, wallet, digest, key };
}
