/** What all accounts have. Their rows count it, so nothing else is looked at. */
import type { StorageFigures } from "../../storage/store.js";
import { fromDatabase } from "../databaseError.js";
import type { Pool } from "../pool.js";
import type { StorageTables } from "./storageTables.js";

export async function storageFigures(
  pool: Pool,
  { account, removed }: StorageTables,
): Promise<StorageFigures> {
  const { rows } = await fromDatabase(
    pool.query<Readonly<Record<keyof StorageFigures, string>>>(`
      select count(*) as accounts, coalesce(sum(conversations), 0) as conversations,
        coalesce(sum(messages), 0) as messages, coalesce(sum(bytes), 0) as bytes,
        (select count(*) from ${removed}) as removing
      from ${account}`),
  );
  const [row] = rows;
  return {
    accounts: Number(row?.accounts ?? 0),
    conversations: Number(row?.conversations ?? 0),
    messages: Number(row?.messages ?? 0),
    bytes: Number(row?.bytes ?? 0),
    removing: Number(row?.removing ?? 0),
  };
}
