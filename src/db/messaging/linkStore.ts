/** Which address of the network belongs to which account of the relay node. */
import type { NormalName } from "../../ens/normalize.js";
import { formatNativeAddress } from "../../messaging/address/nativeAddress.js";
import type { Link, LinkStore } from "../../messaging/store.js";
import { addressOf } from "../bytea.js";
import { fromDatabase } from "../databaseError.js";
import type { Pool } from "../pool.js";
import { inTransaction } from "../transaction.js";
import type { MessagingTables } from "./messagingTables.js";
import { nativeOfText } from "./nativeText.js";

const COLUMNS = "native, account, name, signed_at_sec";

interface LinkRow {
  readonly native: string;
  readonly account: Buffer;
  readonly name: NormalName;
  /** A bigint, which the driver returns as text. */
  readonly signed_at_sec: string;
}

interface NotBeforeRow {
  readonly sec: string | null;
}

export function linkStore(pool: Pool, { link, endedLink }: MessagingTables): LinkStore {
  const one = async (text: string, values: readonly unknown[]) => {
    const { rows } = await fromDatabase(pool.query<LinkRow>(text, [...values]));
    return rows[0] === undefined ? null : linkOfRow(rows[0]);
  };
  const notBefore = `
    select max(not_before) as sec from (
      select signed_at_sec as not_before from ${link} where account = $1
      union all select signed_at_sec + 1 from ${endedLink} where account = $1
    ) of_account`;
  return {
    linkOf: (native) =>
      one(`select ${COLUMNS} from ${link} where native = $1`, [formatNativeAddress(native)]),
    linkOfAccount: (account) => one(`select ${COLUMNS} from ${link} where account = $1`, [account]),
    putLink: ({ native, account, name, signedAtSec }) =>
      inTransaction(pool, async (connection) => {
        const ask = (text: string, values: unknown[]) =>
          fromDatabase(connection.query(text, values));
        const text = formatNativeAddress(native);
        // two that come at once do not take one another's place half
        await ask(`lock table ${link} in share row exclusive mode`, []);
        const [bound] = (await ask(notBefore, [account])).rows as NotBeforeRow[];
        if (signedAtSec < Number(bound?.sec ?? 0)) return "earlier";
        const known = `select 1 from ${link} where native = $1 and account = $2`;
        const isKnown = (await ask(known, [text, account])).rowCount === 1;
        await ask(`delete from ${link} where native = $1 or account = $2`, [text, account]);
        await ask(`insert into ${link} (${COLUMNS}) values ($1, $2, $3, $4)`, [
          ...[text, account, name, signedAtSec],
        ]);
        return isKnown ? "known" : "new";
      }),
    notBefore: async (account) => {
      const { rows } = await fromDatabase(pool.query<NotBeforeRow>(notBefore, [account]));
      const sec = rows[0]?.sec ?? null;
      return sec === null ? null : Number(sec);
    },
    removeLink: (native) =>
      one(
        `with removed as (delete from ${link} where native = $1 returning ${COLUMNS}),
         noted as (
           insert into ${endedLink} as e (account, signed_at_sec) select account, signed_at_sec from removed
           on conflict (account) do update
           set signed_at_sec = greatest(e.signed_at_sec, excluded.signed_at_sec), ended_at = now()
         )
         select ${COLUMNS} from removed`,
        [formatNativeAddress(native)],
      ),
    forgetEnded: async (beforeMs) => {
      const text = `delete from ${endedLink} where ended_at < $1`;
      await fromDatabase(pool.query(text, [new Date(beforeMs)]));
    },
  };
}

function linkOfRow({ native, account, name, signed_at_sec }: LinkRow): Link {
  return {
    native: nativeOfText(native),
    account: addressOf(account),
    name,
    signedAtSec: Number(signed_at_sec),
  };
}
