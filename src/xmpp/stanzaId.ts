/**
 * The id of a message that carries an envelope: `<number>-<hash>`. It is the same whenever the envelope is sent again, and an
 * error tells by it which envelope it is about.
 */
import type { EnvelopeHash } from "../messaging/network.js";

const HASH = /^[0-9a-f]{64}$/;
const NUMBER = /^(?:0|[1-9][0-9]{0,15})$/;

export interface EnvelopeId {
  readonly hash: EnvelopeHash;
  readonly number: number;
}

export function formatEnvelopeId({ hash, number }: EnvelopeId): string {
  return `${number}-${hash}`;
}

/** Null for any other id. */
export function parseEnvelopeId(id: string): EnvelopeId | null {
  const dash = id.indexOf("-");
  return envelopeIdOf(id.slice(dash + 1), id.slice(0, Math.max(dash, 0)));
}

/** Of the two attributes; null where one of them is missing or malformed. */
export function envelopeIdOf(hash: string | null, number: string | null): EnvelopeId | null {
  if (!isEnvelopeHash(hash) || number === null || !NUMBER.test(number)) return null;
  const value = Number(number);
  return Number.isSafeInteger(value) ? { hash, number: value } : null;
}

export function isEnvelopeHash(text: string | null): text is EnvelopeHash {
  return text !== null && HASH.test(text);
}
