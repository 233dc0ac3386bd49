/** Wallets that take a name for themselves: how many they have, counted by one claim after the other. */
import { type Hex, toHex } from "../abi/hex.js";
import type { NameTarget } from "../registry/history/lockedName.js";
import { type Item, run } from "./changedItems.js";
import { fromDatabase } from "./databaseError.js";
import type { Connection } from "./transaction.js";

/** Two claims of one wallet must see each other, although they are of different names. */
export async function lockClaimants(
  connection: Connection,
  targets: readonly NameTarget[],
): Promise<void> {
  const keys = targets.flatMap(({ claimant }) =>
    claimant ? [`${claimant.domain} ${toHex(claimant.wallet)}`] : [],
  );
  for (const key of [...new Set(keys)].sort()) {
    const lock = { text: "select pg_advisory_xact_lock(hashtextextended($1, 0))", values: [key] };
    await fromDatabase(connection.query(lock));
  }
}

export async function claimantNames(
  connection: Connection,
  items: readonly Item[],
): Promise<ReadonlyMap<Hex, number>> {
  const counts = new Map<Hex, number>();
  for (const { key, target } of items) {
    if (!target.claimant) continue;
    const { wallet, domain } = target.claimant;
    const [row] = await run<{ count: string }>(
      connection,
      {
        name: "names-of-claimant",
        // what somebody moved to a wallet takes no place of its
        text: `select count(*) from name n left join name_head h using (node)
               where n.addresses ->> '60' = $1 and n.domain = $2 and n.name <> $1 || '.' || n.domain
                 and not coalesce(h.is_gift, false)`,
      },
      [toHex(wallet), domain],
    );
    counts.set(key, Number(row?.count ?? 0));
  }
  return counts;
}
