/**
 * Records that clients can use. It is asked of what somebody writes now, and never of what was written before: names keep
 * what they have, and histories hold although earlier versions took more.
 */
import type { NameRecords } from "../../ens/records.js";
import { assertCoinAddress } from "./coinAddress.js";
import { assertContenthash } from "./contenthash.js";

/** Throws INVALID_REQUEST for an address or a content hash that no client could use. */
export async function assertUsable({
  addresses,
  contenthash,
}: Pick<Partial<NameRecords>, "addresses" | "contenthash">): Promise<void> {
  if (contenthash) assertContenthash(contenthash);
  for (const [coinType, address] of addresses ?? []) await assertCoinAddress(coinType, address);
}
