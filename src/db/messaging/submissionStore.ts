/** What users of the network submitted, until their clients know how it ended. */
import { fromHex } from "../../abi/hex.js";
import type { NormalName } from "../../ens/normalize.js";
import { formatNativeAddress } from "../../messaging/address/nativeAddress.js";
import type { EndedSubmission, SubmissionStore } from "../../messaging/store.js";
import { fromDatabase } from "../databaseError.js";
import type { Pool } from "../pool.js";
import { submissionAdder, type SubmissionPlace } from "./addSubmission.js";
import { nativeOfText } from "./nativeText.js";

/** Of one user: ends that nobody has noted. */
const MOST_ENDED = 1_000;
const COLUMNS = "hash, receiver, reason, sentence";

interface SubmissionRow {
  readonly hash: Buffer;
  readonly receiver: NormalName;
  readonly reason: string;
  readonly sentence: string;
}

export const keyOfSubmission = (
  ...[native, hash]: Parameters<SubmissionStore["forgetSubmission"]>
) => [formatNativeAddress(native), fromHex(`0x${hash}`)];

export function submissionStore(pool: Pool, place: SubmissionPlace): SubmissionStore {
  const { submission } = place.tables;
  const keyOf = keyOfSubmission;
  const ask = async (text: string, values: readonly unknown[]) =>
    (await fromDatabase(pool.query<SubmissionRow>(text, [...values]))).rows;
  return {
    addSubmission: submissionAdder(pool, place),
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
    untoldEnds: async (after, limit) => {
      const text = `
        select native, ${COLUMNS} from ${submission}
        where reason is not null and ($1::text is null or (native, hash) > ($1, $2))
        order by native, hash limit $3`;
      const behind = after === null ? [null, null] : keyOf(after.native, after.hash);
      const { rows } = await fromDatabase(
        pool.query<SubmissionRow & { readonly native: string }>(text, [...behind, limit]),
      );
      return rows.map((row) => ({ native: nativeOfText(row.native), ...endedOfRow(row) }));
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
