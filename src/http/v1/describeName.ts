/** A stored name as JSON: bytes in hex, coin types and content types in decimal. */
import { z } from "zod";
import { toHex } from "../../abi/hex.js";
import { checksumAddress } from "../../ens/address.js";
import { COIN_TYPE_ETH } from "../../ens/coinType.js";
import { nameState } from "../../registry/nameState.js";
import type { VersionedName } from "../../registry/store.js";

const hexByKey = z.record(z.string(), z.string());

export const nameSchema = z.strictObject({
  name: z.string(),
  node: z.string(),
  domain: z.string(),
  owner: z.string().nullable(),
  held: z.boolean(),
  suspension: z.strictObject({ by: z.string(), reason: z.string(), atMs: z.number() }).nullable(),
  version: z.string(),
  sequence: z.number(),
  addresses: hexByKey,
  texts: z.record(z.string(), z.string()),
  contenthash: z.string().nullable(),
  nameRecord: z.string().nullable(),
  pubkey: z.strictObject({ x: z.string(), y: z.string() }).nullable(),
  abis: hexByKey,
  data: hexByKey,
  interfaces: hexByKey,
});

export function describeName(stored: VersionedName): z.infer<typeof nameSchema> {
  const state = nameState(stored);
  const owner = stored.addresses.get(COIN_TYPE_ETH);
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
