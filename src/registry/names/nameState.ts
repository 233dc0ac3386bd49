/** A name as JSON: what readers of the API see, what histories tell, and what their digests are made of. */
import { type Digest, digestFrom } from "../../abi/digest.js";
import { fromHex, type Hex, toHex } from "../../abi/hex.js";
import { sha256OfText } from "../../abi/sha256.js";
import { stringify } from "../../dm3/stringify.js";
import { type Address, addressFrom } from "../../ens/address.js";
import { namehash } from "../../ens/namehash.js";
import type { StoredName } from "./storedName.js";

/** Bytes are in hex, coin types and content types in decimal. */
export function nameState(stored: StoredName) {
  const { name, domain, texts, contenthash, nameRecord, pubkey, held, suspension } = stored;
  return {
    name,
    domain,
    addresses: hexByKey(stored.addresses),
    texts: Object.fromEntries(texts),
    contenthash: contenthash && toHex(contenthash),
    nameRecord,
    pubkey: pubkey && { x: toHex(pubkey.x), y: toHex(pubkey.y) },
    abis: hexByKey(stored.abis),
    data: hexByKey(stored.data),
    interfaces: hexByKey(stored.interfaces),
    profileFingerprint: stored.profileFingerprint && toHex(stored.profileFingerprint),
    held,
    suspension,
  };
}

export type NameState = ReturnType<typeof nameState>;

/** The other direction. */
export function storedOf(state: NameState): StoredName {
  const { name, domain, texts, contenthash, nameRecord, pubkey, held, suspension } = state;
  return {
    node: namehash(name),
    name,
    domain,
    addresses: bytesByKey(state.addresses, BigInt),
    texts: new Map(Object.entries(texts)),
    contenthash: contenthash === null ? null : fromHex(contenthash),
    nameRecord,
    pubkey: pubkey && { x: fromHex(pubkey.x), y: fromHex(pubkey.y) },
    abis: bytesByKey(state.abis, BigInt),
    data: bytesByKey(state.data, (key) => key),
    interfaces: implementersOf(state.interfaces),
    profileFingerprint:
      state.profileFingerprint === null ? null : digestFrom(fromHex(state.profileFingerprint)),
    held,
    suspension,
  };
}

/** SHA-256 of the state's canonical JSON; of `null` for a name that does not exist. */
export function stateDigest(state: NameState | null): Digest {
  return sha256OfText(stringify(state));
}

function hexByKey(map: ReadonlyMap<bigint | string, Uint8Array>): Record<string, string> {
  return Object.fromEntries([...map].map(([key, bytes]) => [key.toString(), toHex(bytes)]));
}

function bytesByKey<Key>(hex: Readonly<Record<string, string>>, keyOf: (key: string) => Key) {
  return new Map(Object.entries(hex).map(([key, bytes]) => [keyOf(key), fromHex(bytes)]));
}

function implementersOf(hex: Readonly<Record<string, string>>): Map<Hex, Address> {
  const entries = Object.entries(hex);
  return new Map(entries.map(([id, bytes]) => [id as Hex, addressFrom(fromHex(bytes))]));
}
