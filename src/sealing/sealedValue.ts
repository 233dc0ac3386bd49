/**
 * A secret, encrypted for one place:
 *
 *     form (1 byte, 1) ‖ id of the data key (16) ‖ nonce (12) ‖ ciphertext (as long as the secret) ‖ tag (16)
 *
 * The tag covers all of it, and the place. The SQL of sealed columns reads the id out of it: src/db/sealing/sealedRows.ts shows it.
 */
import type { KeyObject } from "node:crypto";
import { bytesToHex, concatBytes, hexToBytes } from "@noble/hashes/utils.js";
import { SignpostError } from "../errors.js";
import { decrypt, encrypt } from "./aesGcm.js";
import type { UnreadableReason } from "./errorCodes.js";
import { bytesOfPlace, type Place } from "./place.js";

export interface DataKey {
  /** A UUID, in lower case. */
  readonly id: string;
  readonly key: KeyObject;
}

const FORM = 1;
/** Of form and id. */
const HEAD_BYTES = 17;
/** What a secret grows by. */
const ADDED_BYTES = HEAD_BYTES + 12 + 16;

export function seal({ id, key }: DataKey, place: Place, secret: Uint8Array): Uint8Array {
  const head = concatBytes(Uint8Array.of(FORM), bytesOfId(id));
  return concatBytes(head, encrypt(key, secret, additionalData(head, place)));
}

/** The id of the data key that opens `sealed`. Throws SECRET_UNREADABLE for what is no sealed value. */
export function dataKeyIdOf(sealed: Uint8Array): string {
  if (sealed[0] !== FORM || sealed.length < ADDED_BYTES) throw unreadable("form", null);
  const hex = bytesToHex(sealed.subarray(1, HEAD_BYTES));
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

/** The secret; whoever is done with it fills it with zeros. Throws SECRET_UNREADABLE. */
export function unseal({ id, key }: DataKey, place: Place, sealed: Uint8Array): Uint8Array {
  const [head, encrypted] = [sealed.subarray(0, HEAD_BYTES), sealed.subarray(HEAD_BYTES)];
  const secret = decrypt(key, encrypted, additionalData(head, place));
  if (secret === null) throw unreadable("value", id);
  return secret;
}

const SENTENCES: Readonly<Record<UnreadableReason, string>> = {
  form: "A stored secret does not begin as one: something else was written into its column.",
  "unknown data key":
    "A stored secret names a data key that this database does not hold: it was altered, or restored without the table data_key.",
  value: "A stored secret was altered, or moved to another row.",
  "data key": "A data key was altered in the database.",
};

export function unreadable(reason: UnreadableReason, dataKey: string | null): SignpostError {
  return new SignpostError(
    "SECRET_UNREADABLE",
    `${SENTENCES[reason]} Restore it from a backup, and look for who writes to the database.`,
    { reason, dataKey },
  );
}

function additionalData(head: Uint8Array, place: Place): Uint8Array {
  return concatBytes(head, bytesOfPlace(place));
}

function bytesOfId(id: string): Uint8Array {
  return hexToBytes(id.replaceAll("-", ""));
}
