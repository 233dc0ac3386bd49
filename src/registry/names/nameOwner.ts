/** Whose a name is: the wallet at its addr(60); and a name that is made of an address is that wallet's in any case. */
import { fromHex } from "../../abi/hex.js";
import { COIN_TYPE_ETH } from "../../ens/coinType.js";
import type { StoredName } from "./storedName.js";

const ADDRESS_LABEL = /^0x[0-9a-f]{40}$/;

/** The wallet (20 bytes) that the first label of a name is made of, as of those of addr.example.eth, or null. */
export function walletOfLabel(name: string): Uint8Array | null {
  const [label = ""] = name.split(".", 1);
  return ADDRESS_LABEL.test(label) ? fromHex(label) : null;
}

/** 20 bytes; null for a name that is its service's own. */
export function ownerOf({ name, addresses }: Pick<StoredName, "name" | "addresses">) {
  return addresses.get(COIN_TYPE_ETH) ?? walletOfLabel(name);
}
