/** A stored name as JSON: bytes in hex, coin types in decimal. */
import { toHex } from "../abi/hex.js";
import type { StoredName } from "../registry/store.js";

export function describeName({ name, node, domain, addresses, texts, contenthash }: StoredName) {
  return {
    name,
    node: toHex(node),
    domain,
    addresses: Object.fromEntries(
      [...addresses].map(([coinType, address]) => [coinType.toString(), toHex(address)]),
    ),
    texts: Object.fromEntries(texts),
    contenthash: contenthash && toHex(contenthash),
  };
}
