/** Who owns a name: the wallet at its addr(60). A name that is made of an address is that wallet's in any case. */
import { sameBytes } from "../../abi/bytes.js";
import { fromHex } from "../../abi/hex.js";
import { type Address, addressFrom } from "../../ens/address.js";
import { COIN_TYPE_ETH } from "../../ens/coinType.js";
import type { NameState } from "./nameState.js";
import type { StoredName } from "./storedName.js";

const ADDRESS_LABEL = /^0x[0-9a-f]{40}$/;

/** The wallet that the first label of a name is made of, as of those of addr.example.eth, or null. */
export function walletOfLabel(name: string): Address | null {
  const [label = ""] = name.split(".", 1);
  return ADDRESS_LABEL.test(label) ? addressFrom(fromHex(label)) : null;
}

/** The owner's wallet; null for a name that is its service's own. */
export function ownerOf({ name, addresses }: StoredName): Address | null {
  const address = addresses.get(COIN_TYPE_ETH);
  return address ? addressFrom(address) : walletOfLabel(name);
}

/** The same of a name as JSON. */
export function ownerOfState({ name, addresses }: NameState): Address | null {
  const address = addresses[COIN_TYPE_ETH.toString()];
  return address === undefined ? walletOfLabel(name) : addressFrom(fromHex(address));
}

/** Whether the wallet owns the name; never where the name does not exist. */
export function isOwnedBy(stored: StoredName | null, wallet: Address): boolean {
  const owner = stored && ownerOf(stored);
  return owner !== null && sameBytes(owner, wallet);
}
