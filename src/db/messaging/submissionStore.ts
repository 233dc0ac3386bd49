/** What users of the network submitted, until their clients know how it ended. */
import { fromHex } from "../../abi/hex.js";
import type { NormalName } from "../../ens/normalize.js";
import { formatNativeAddress } from "../../messaging/address/nativeAddress.js";
import type { EndedSubmission, SubmissionStore } from "../../messaging/store.js";
import { fromDatabase } from "../databaseError.js";
import type { Pool } from "../pool.js";
import type { MessagingTables } from "./messagingTables.js";

const IN_ONE_READ = 100;
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
    addSubmission: async (native, hash, receiver) => {
      const text = `insert into ${submission} (native, hash, receiver) values ($1, $2, $3) on conflict do nothing`;
      await ask(text, [...keyOf(native, hash), receiver]);
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
        where native = $1 and reason is not null order by submitted_at limit ${IN_ONE_READ}`;
      return (await ask(text, [formatNativeAddress(native)])).map(endedOfRow);
    },
    forgetSubmission: async (native, hash) => {
      await ask(`delete from ${submission} where (native, hash) = ($1, $2)`, keyOf(native, hash));
    },
    forgetSubmissions: async (beforeMs) => {
      await ask(`delete from ${submission} where submitted_at < $1`, [new Date(beforeMs)]);
    },
  };
}

function endedOfRow({ hash, receiver, reason, sentence }: SubmissionRow): EndedSubmission {
  return { hash: hash.toString("hex"), receiver, reason, sentence };
}
