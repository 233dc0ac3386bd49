/** A stored name as JSON: bytes in hex, coin types and content types in decimal. */
import { toHex } from "../../abi/hex.js";
import { checksumAddress } from "../../ens/address.js";
import { ownerOf } from "../../registry/names/nameOwner.js";
import { nameState } from "../../registry/names/nameState.js";
import type { VersionedName } from "../../registry/names/storedName.js";
import type { NameAnswer } from "../../wire/nameAnswer.js";

export function describeName(stored: VersionedName): NameAnswer {
  const state = nameState(stored);
  const owner = ownerOf(stored);
  return {
    name: state.name,
    node: toHex(stored.node),
    domain: state.domain,
    owner: owner ? checksumAddress(owner) : null,
    held: state.held,
    suspension: state.suspension,
    version: stored.version.toString(),
    sequence: stored.sequence,
    addresses: state.addresses,
    texts: state.texts,
    contenthash: state.contenthash,
    nameRecord: state.nameRecord,
    pubkey: state.pubkey,
    abis: state.abis,
    data: state.data,
    interfaces: state.interfaces,
  };
}
