/** What all mailboxes hold. Rows of accounts count their own messages, so no message is looked at but the oldest. */
import type { FiguresStore, WaitingReason } from "../../relay/mailboxFigures.js";
import { fromDatabase } from "../databaseError.js";
import type { Pool } from "../pool.js";
import type { RelayTables } from "./relayTables.js";

interface FiguresRow extends Readonly<Record<WaitingReason, string>> {
  readonly oldest: Date | null;
  readonly blobs: string;
  readonly blob_bytes: string;
}

export function figuresStore(pool: Pool, { account, message, blobUse }: RelayTables): FiguresStore {
  return {
    figures: async () => {
      const { rows } = await fromDatabase(
        pool.query<FiguresRow>(`
          select
            (select min(accepted_at) from ${message} where envelope is not null) as oldest,
            coalesce(sum(messages) filter (where proven_key is null), 0) as never_signed_in,
            coalesce(sum(messages) filter (where proven_key is not null and pushed < last_number), 0) as not_fetched,
            coalesce(sum(messages) filter (where proven_key is not null and pushed >= last_number), 0) as not_acknowledged,
            (select coalesce(sum(blobs), 0) from ${blobUse}) as blobs,
            (select coalesce(sum(bytes), 0) from ${blobUse}) as blob_bytes
          from ${account}`),
      );
      const [row] = rows;
      return {
        oldestMs: row?.oldest?.getTime() ?? null,
        waiting: {
          never_signed_in: Number(row?.never_signed_in ?? 0),
          not_fetched: Number(row?.not_fetched ?? 0),
          not_acknowledged: Number(row?.not_acknowledged ?? 0),
        },
        blobs: Number(row?.blobs ?? 0),
        blobBytes: Number(row?.blob_bytes ?? 0),
      };
    },
  };
}
