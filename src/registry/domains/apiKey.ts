/** API keys of a domain's service: several, each with what it may do, shown once, stored as a hash. */
import type { Digest } from "../../abi/digest.js";
import { sha256OfText } from "../../abi/sha256.js";
import { SignpostError } from "../../errors.js";
import { type Scope, SCOPES } from "../../wire/scopes.js";

export { type Scope, SCOPES } from "../../wire/scopes.js";

export interface ApiKey {
  /** Decimal. */
  readonly id: string;
  readonly domain: string;
  /** What people call it. */
  readonly label: string;
  readonly scopes: readonly Scope[];
  readonly limits: KeyLimits;
  /** Unix time in milliseconds; `lastUsedMs` is at most a minute late. */
  readonly createdMs: number;
  readonly lastUsedMs: number | null;
  readonly revokedMs: number | null;
  /** When it ends by itself: of a session (session.ts); null for all other keys. */
  readonly expiresMs: number | null;
}

/** How much a key may change. A batch counts as many changes as it has items. */
export interface KeyLimits {
  readonly changesPerMinute: number;
  readonly changesPerDay: number;
}

/** Enough to publish a million users in an hour, with every one of them changed twice a day. */
export const USUAL_LIMITS: KeyLimits = { changesPerMinute: 60_000, changesPerDay: 5_000_000 };

export interface NewApiKey {
  /** SHA-256 of the key. */
  readonly hash: Digest;
  readonly label: string;
  readonly scopes: readonly Scope[];
  readonly limits: KeyLimits;
}

/** So that a leaked key is recognised by people and by scanners. */
const API_KEY_PREFIX = "signpost_";
/** Of a session's key, which earlier builds refuse: they do not know that it ends. */
const SESSION_PREFIX = `${API_KEY_PREFIX}session_`;
const API_KEY_FORM = /^signpost_(?:session_)?[A-Za-z0-9_-]{43}$/;

/** 32 random bytes, handed in, as the API key that the service keeps. */
export function apiKeyFrom(random: Uint8Array): string {
  return API_KEY_PREFIX + secretPart(random);
}

/** The same for a session. */
export function sessionKeyFrom(random: Uint8Array): string {
  return SESSION_PREFIX + secretPart(random);
}

function secretPart(random: Uint8Array): string {
  if (random.length !== 32)
    throw new SignpostError("INTERNAL", "An API key takes 32 random bytes.");
  const base64 = btoa(String.fromCharCode(...random));
  return base64.replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

/** What is kept of a key; without `scopes` it may do everything. */
export function newApiKey(
  apiKey: string,
  {
    label = "first key",
    scopes = SCOPES,
    limits = USUAL_LIMITS,
  }: Partial<Pick<NewApiKey, "label" | "scopes" | "limits">> = {},
): NewApiKey {
  return { hash: hashApiKey(apiKey), label, scopes, limits };
}

export function isApiKey(text: string): boolean {
  return API_KEY_FORM.test(text);
}

/** Of a session, which ends by itself: of no use where a program keeps its key. */
export function isSessionKey(text: string): boolean {
  return text.startsWith(SESSION_PREFIX);
}

/**
 * SHA-256 of the key.
 *
 * One round of SHA-256 is enough for 256 random bits: there is nothing to guess. Finding a key by its hash compares
 * nothing of the key itself, so it leaks nothing by its duration either.
 */
export function hashApiKey(apiKey: string): Digest {
  return sha256OfText(apiKey);
}
