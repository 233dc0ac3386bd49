/** A stored name as JSON: bytes in hex, coin types and content types in decimal. */
import { toHex } from "../abi/hex.js";
import type { StoredName } from "../registry/store.js";

export function describeName(stored: StoredName) {
  const { name, node, domain, texts, contenthash, nameRecord, pubkey } = stored;
  return {
    name,
    node: toHex(node),
    domain,
    addresses: hexByKey(stored.addresses),
    texts: Object.fromEntries(texts),
    contenthash: contenthash && toHex(contenthash),
    nameRecord,
    pubkey: pubkey && { x: toHex(pubkey.x), y: toHex(pubkey.y) },
    abis: hexByKey(stored.abis),
    data: hexByKey(stored.data),
    interfaces: hexByKey(stored.interfaces),
  };
}

function hexByKey(map: ReadonlyMap<bigint | string, Uint8Array>) {
  return Object.fromEntries([...map].map(([key, bytes]) => [key.toString(), toHex(bytes)]));
}
