/**
 * The history of a name: one entry for each change, in one hash chain for each name, for ever.
 *
 *   entry = {
 *     form       1
 *     name       "alice.users.example.eth"
 *     number     1 for the first, then one more each
 *     previous   hash of the entry before; 32 zero bytes before the first
 *     atMs       when, Unix time in milliseconds
 *     authority  in whose right: {kind, ...}, with the owner's signature and all that it was made over
 *     operation  the kind of the operation, or "found"
 *     change     {to: state or null} where the name begins or ends, {patch: what differs} otherwise
 *     before     digest of the state before, after: of the state after; both of canonical JSON
 *     after
 *   }
 *   hash = SHA-256 of the UTF-8 bytes of the entry's canonical JSON (dm3/stringify)
 *
 * So the hash of the last entry stands for the whole history, and following the changes gives the state.
 *
 * "found" is what an entry says when the row was not as the history had left it: for names that are older than
 * histories, and for rows that were changed behind our back. It tells the whole state that was found.
 */
import { sha256 } from "@noble/hashes/sha2.js";
import { fromHex, type Hex, toHex } from "../../abi/hex.js";
import { stringify } from "../../dm3/stringify.js";
import { checksumAddress } from "../../ens/address.js";
import { type NameRequest, nameRequestDigest } from "../../signing/nameRequest.js";
import { operationMessageDigest } from "../../signing/operationMessage.js";
import { type NameState, stateDigest } from "../names/nameState.js";
import type { Authority, OperationKind, OwnersSignature } from "../names/operation.js";
import type { HistoryEnd, SealedEntry } from "../store.js";
import { changeBetween, type StateChange } from "./stateChange.js";

export interface HistoryEntry {
  readonly form: 1;
  readonly name: string;
  readonly number: number;
  readonly previous: Hex;
  readonly atMs: number;
  readonly authority: RecordedAuthority;
  readonly operation: OperationKind | "found";
  readonly change: StateChange;
  readonly before: Hex;
  readonly after: Hex;
}

/** An authority as JSON. `database`: nobody's; the row was there, or was changed, without us. */
export type RecordedAuthority =
  | { readonly kind: "service"; readonly keyId: string }
  | { readonly kind: "admin" }
  | { readonly kind: "database" }
  | { readonly kind: "dm3"; readonly address: Hex }
  | (RecordedSignature & {
      readonly kind: "owner";
      readonly request: NameRequest;
      /** The text whose keccak256 is the request's contentHash. As a text, so that a database keeps it to the letter. */
      readonly content: string;
    })
  | (RecordedSignature & { readonly kind: "writer"; readonly message: RecordedMessage });

interface RecordedSignature {
  readonly address: Hex;
  /** Decimal. */
  readonly chainId: string;
  readonly resolver: Hex;
  readonly signature: Hex;
  /** Decimal; where a contract wallet accepted the signature, in whose state. Absent where a key made it. */
  readonly acceptedAtBlock?: string;
}

/** ERC-7884's message; the time in decimal. */
interface RecordedMessage {
  readonly data: Hex;
  readonly sender: Hex;
  readonly expirationTimestamp: string;
}

const NO_HASH = new Uint8Array(32);

export interface Step {
  readonly name: string;
  readonly atMs: number;
  readonly authority: RecordedAuthority;
  readonly operation: HistoryEntry["operation"];
  readonly before: NameState | null;
  readonly after: NameState | null;
}

/** The entry that follows on `end` (null: on nothing), and where the history ends with it. */
export function appendEntry(
  end: HistoryEnd | null,
  { name, atMs, authority, operation, before, after }: Step,
): { sealed: SealedEntry; end: HistoryEnd } {
  const number = (end?.number ?? 0) + 1;
  const afterDigest = stateDigest(after);
  const entry: HistoryEntry = {
    form: 1,
    name,
    number,
    previous: toHex(end?.hash ?? NO_HASH),
    atMs,
    authority,
    operation,
    change: operation === "found" ? { to: after } : changeBetween(before, after),
    before: toHex(stateDigest(before)),
    after: toHex(afterDigest),
  };
  const hash = entryHash(entry);
  return { sealed: { entry, hash }, end: { number, hash, after: afterDigest } };
}

/** 32 bytes. */
export function entryHash(entry: HistoryEntry): Uint8Array {
  return sha256(new TextEncoder().encode(stringify(entry)));
}

/** What `previous` of the entry behind this end has to be. */
export function hashBehind(end: HistoryEnd | null): Uint8Array {
  return end?.hash ?? NO_HASH;
}

export function recordedAuthority(authority: Authority): RecordedAuthority {
  switch (authority.kind) {
    case "service":
    case "admin":
      return authority;
    case "dm3":
      return { kind: "dm3", address: checksumAddress(authority.address) };
    case "owner": {
      const { request, content } = authority;
      return { kind: "owner", ...recordedSignature(authority), request, content };
    }
    case "writer": {
      const { data, sender, expirationTimestamp } = authority.message;
      return {
        kind: "writer",
        ...recordedSignature(authority),
        message: {
          data: toHex(data),
          sender: checksumAddress(sender),
          expirationTimestamp: expirationTimestamp.toString(),
        },
      };
    }
  }
}

function recordedSignature({
  address,
  signedFor,
  signature,
  acceptedAtBlock,
}: OwnersSignature): RecordedSignature {
  return {
    address: checksumAddress(address),
    chainId: signedFor.chainId.toString(),
    resolver: checksumAddress(signedFor.resolver),
    signature,
    ...(acceptedAtBlock !== undefined && { acceptedAtBlock: acceptedAtBlock.toString() }),
  };
}

/** What an owner's entry was made over: the 32 bytes that were signed (EIP-712). */
export function digestOfEntry(
  authority: RecordedAuthority & { kind: "owner" | "writer" },
): Uint8Array {
  const signedFor = { chainId: BigInt(authority.chainId), resolver: fromHex(authority.resolver) };
  if (authority.kind === "owner") return nameRequestDigest(signedFor, authority.request);
  const { data, sender, expirationTimestamp } = authority.message;
  return operationMessageDigest(signedFor, {
    data: fromHex(data),
    sender: fromHex(sender),
    expirationTimestamp: BigInt(expirationTimestamp),
  });
}
