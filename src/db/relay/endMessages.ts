/** A message ends: its body goes, and its mailbox has room again. */
import type { MessageState } from "../../dm3/message/messageState.js";
import { statesBelow } from "../../relay/states.js";
import type { RetentionStore } from "../../relay/store.js";
import { forgetChallenges } from "../accounts/challengeStore.js";
import { fromDatabase } from "../databaseError.js";
import type { Pool } from "../pool.js";
import { lockedAccounts } from "./lockedAccounts.js";
import type { RelayTables } from "./relayTables.js";

/**
 * Brings the messages that `chosen` selects by their primary keys to a state, and returns how many there were. Locks the
 * accounts first, as everything does that changes a mailbox.
 * @param beside SQL of another change in the same step, over the messages that are `ended` by this one
 */
export function endStatement(
  { account, message, share }: RelayTables,
  state: MessageState,
  chosen: string,
  beside: string | null = null,
): string {
  const key = "account, claimed_hash, sender, body_hash";
  return `
  with chosen as (
    ${chosen}
  ), locked as (
    select address from ${lockedAccounts(account, "chosen")}
  ), ended as (
    update ${message} m
    set state = '${state}', envelope = null, ended_at = now()
    from (
      select ${key}, envelope is not null as had_body from ${message}
      where (${key}) in (select ${key} from chosen) and account in (select address from locked)
        and state in (${statesBelow(state)
          .map((from) => `'${from}'`)
          .join(", ")})
      order by account, number for update
    ) before
    where (m.account, m.claimed_hash, m.sender, m.body_hash)
      = (before.account, before.claimed_hash, before.sender, before.body_hash)
    returning m.account, m.bytes, m.sender_name, m.sender_domain, before.had_body
  ), counted as (
    update ${account} a set messages = a.messages - e.messages, bytes = a.bytes - e.bytes
    from (select account, count(*) as messages, sum(bytes) as bytes from ended where had_body group by account) e
    where a.address = e.account
  ), shared as (
    update ${share} s set messages = s.messages - e.messages, bytes = greatest(s.bytes - e.bytes, 0)
    from (
      select account, holder, count(*) as messages, sum(bytes) as bytes
      from ended, lateral (values (sender_name), (sender_domain)) h(holder) where had_body group by account, holder
    ) e
    where (s.account, s.holder) = (e.account, e.holder)
  )${beside === null ? "" : `, beside as (${beside})`}
  select count(*) as ended from ended`;
}

export function retentionStore(pool: Pool, tables: RelayTables): RetentionStore {
  const { message, share } = tables;
  return {
    expire: async (beforeMs, limit) => {
      const text = endStatement(
        tables,
        "expired",
        `select account, claimed_hash, sender, body_hash from ${message}
         where accepted_at < $1 and envelope is not null order by accepted_at limit $2`,
      );
      const { rows } = await fromDatabase(
        pool.query<{ ended: string }>(text, [new Date(beforeMs), limit]),
      );
      return Number(rows[0]?.ended ?? 0);
    },

    forget: async (beforeMs, limit) => {
      const key = "account, claimed_hash, sender, body_hash";
      const { rowCount } = await fromDatabase(
        pool.query(
          `delete from ${message} where (${key}) in (
             select ${key} from ${message} where ended_at < $1 and envelope is null order by ended_at limit $2
           )`,
          [new Date(beforeMs), limit],
        ),
      );
      // without a wait for a row that a mailbox in use has locked: two that wait for each other would fail one
      const empty = `select account, holder from ${share} where messages = 0 limit $1 for update skip locked`;
      const emptied = `delete from ${share} where (account, holder) in (${empty})`;
      await fromDatabase(pool.query(emptied, [limit]));
      await forgetChallenges(pool, tables);
      return rowCount ?? 0;
    },
  };
}
