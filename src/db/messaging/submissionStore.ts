/** What users of the network submitted, until their clients know how it ended. */
import { fromHex } from "../../abi/hex.js";
import type { NormalName } from "../../ens/normalize.js";
import { formatNativeAddress } from "../../messaging/address/nativeAddress.js";
import type { EndedSubmission, SubmissionStore } from "../../messaging/store.js";
import { fromDatabase } from "../databaseError.js";
import type { Pool } from "../pool.js";
import type { MessagingTables } from "./messagingTables.js";
import { nativeOfText } from "./nativeText.js";

/** Of one user: ends that nobody has noted. */
const MOST_ENDED = 1_000;
/** What waits to be carried, of one user and of all: their relay nodes may be down for days. */
const MOST_OPEN_OF_ONE = { count: 1_000, bytes: 64 * 1024 * 1024 };
const MOST_OPEN = { count: 100_000, bytes: 4 * 1024 * 1024 * 1024 };
const COLUMNS = "hash, receiver, reason, sentence";

interface SubmissionRow {
  readonly hash: Buffer;
  readonly receiver: NormalName;
  readonly reason: string;
  readonly sentence: string;
}

export function submissionStore(pool: Pool, { submission }: MessagingTables): SubmissionStore {
  const ask = async (text: string, values: readonly unknown[]) =>
    (await fromDatabase(pool.query<SubmissionRow>(text, [...values]))).rows;
  const keyOf = (...[native, hash]: Parameters<SubmissionStore["forgetSubmission"]>) => [
    formatNativeAddress(native),
    fromHex(`0x${hash}`),
  ];
  return {
    addSubmission: async (native, hash, receiver, bytes) => {
      const open = (of: string) =>
        `select count(*) as count, coalesce(sum(bytes), 0) as bytes from ${submission} where reason is null${of}`;
      const text = `
        insert into ${submission} as s (native, hash, receiver, bytes)
        select $1, $2, $3, $4
        from (${open(" and native = $1")}) own, (${open("")}) every
        where (own.count < ${MOST_OPEN_OF_ONE.count} and own.bytes < ${MOST_OPEN_OF_ONE.bytes}
            and every.count < ${MOST_OPEN.count} and every.bytes < ${MOST_OPEN.bytes})
          or exists (select 1 from ${submission} where (native, hash) = ($1, $2) and reason is null)
        on conflict (native, hash) do update
        set submitted_at = case when s.reason is null then s.submitted_at else now() end,
            reason = null, sentence = null
        returning ${COLUMNS}`;
      return (await ask(text, [...keyOf(native, hash), receiver, bytes])).length === 1;
    },
    openSubmissions: async (beforeMs, after, limit) => {
      const text = `
        select native, hash from ${submission}
        where reason is null and submitted_at < $1 and ($2::text is null or (native, hash) > ($2, $3))
        order by native, hash limit $4`;
      const behind = after === null ? [null, null] : keyOf(after.native, after.hash);
      const values = [new Date(beforeMs), ...behind, limit];
      const { rows } = await fromDatabase(
        pool.query<{ native: string; hash: Buffer }>(text, values),
      );
      return rows.map(({ native, hash }) => ({
        native: nativeOfText(native),
        hash: hash.toString("hex"),
      }));
    },
    endSubmission: async (native, hash, { reason, sentence }) => {
      const text = `
        update ${submission} set reason = $3, sentence = $4
        where (native, hash) = ($1, $2) returning ${COLUMNS}`;
      const [row] = await ask(text, [...keyOf(native, hash), reason, sentence]);
      return row === undefined ? null : endedOfRow(row);
    },
    endedSubmissions: async (native) => {
      const text = `
        select ${COLUMNS} from ${submission}
        where native = $1 and reason is not null order by submitted_at desc limit ${MOST_ENDED}`;
      return (await ask(text, [formatNativeAddress(native)])).map(endedOfRow).reverse();
    },
    forgetSubmission: async (native, hash) => {
      await ask(`delete from ${submission} where (native, hash) = ($1, $2)`, keyOf(native, hash));
    },
    forgetSubmissions: async (beforeMs) => {
      await ask(`delete from ${submission} where submitted_at < $1`, [new Date(beforeMs)]);
      const text = `
        delete from ${submission} where (native, hash) in (
          select native, hash from (
            select native, hash, row_number() over (partition by native order by submitted_at desc) as place
            from ${submission} where reason is not null
          ) ended where place > ${MOST_ENDED}
        )`;
      await ask(text, []);
    },
  };
}

function endedOfRow({ hash, receiver, reason, sentence }: SubmissionRow): EndedSubmission {
  return { hash: hash.toString("hex"), receiver, reason, sentence };
}
