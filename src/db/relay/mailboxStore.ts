/** What waits for a receiver, and what the receiver has had. */
import { fromHex } from "../../abi/hex.js";
import type { Address } from "../../ens/address.js";
import { statesBelow } from "../../relay/states.js";
import type {
  Acknowledgement,
  MailboxBounds,
  MailboxStore,
  WaitingMessage,
} from "../../relay/store.js";
import { fromDatabase } from "../databaseError.js";
import type { Pool } from "../pool.js";
import { endStatement } from "./endMessages.js";
import { messageKeeper } from "./keepMessages.js";
import { pageInOrder } from "./pageInOrder.js";
import type { RelayTables } from "./relayTables.js";

/** Of one answer. dm3's own service shows 101 conversations of 1,001 messages each, and reads all of them. */
const PAGE_MESSAGES = 1_001;
const PAGE_BYTES = 8 * 1024 * 1024;

export function mailboxStore(pool: Pool, tables: RelayTables, bounds: MailboxBounds): MailboxStore {
  const { account } = tables;
  const statements = statementsOn(tables);
  return {
    keep: messageKeeper(pool, tables, bounds),

    waiting: async (address, senderName) => {
      const all = senderName === undefined ? await envelopes(statements.all, [address]) : [];
      // none as well where it is more than a page
      if (all.length > 0) return all;
      return envelopes(statements.chosen, [address, senderName ?? null]);
    },

    waitingInOrder: async (address, after, limit) => {
      const { rows } = await fromDatabase(
        pool.query<{ number: string; envelope: string }>({
          ...statements.waitingInOrder,
          values: [address, after, limit],
        }),
      );
      return rows.map(({ number, envelope }): WaitingMessage => ({
        number: Number(number),
        envelope,
      }));
    },

    newest: async (after) => {
      const addresses = [...after.keys()].map(fromHex);
      const { rows } = await fromDatabase(
        pool.query<{ address: string; last_number: string }>({
          ...statements.newest,
          values: [addresses, [...after.values()]],
        }),
      );
      return new Map(rows.map(({ address, last_number }) => [address, Number(last_number)]));
    },

    acknowledge: async (address, list) => acknowledge(address, list),

    pushedUpTo: async (address) => {
      const text = `select least(pushed, last_number) as pushed from ${account} where address = $1`;
      const { rows } = await fromDatabase(pool.query<{ pushed: string }>(text, [address]));
      return Number(rows[0]?.pushed ?? 0);
    },

    notePushed: async (address, number) => {
      // a client's cursor may be made up, and a number above all would end live delivery for good
      const text = `
        update ${account} set pushed = least($2, last_number)
        where address = $1 and pushed < least($2, last_number)`;
      await fromDatabase(pool.query(text, [address, number]));
    },
  };

  async function envelopes(
    statement: { readonly name: string; readonly text: string },
    values: unknown[],
  ): Promise<readonly string[]> {
    const { rows } = await fromDatabase(pool.query<{ envelope: string }>({ ...statement, values }));
    return rows.map(({ envelope }) => envelope);
  }

  async function acknowledge(address: Address, list: readonly Acknowledgement[]): Promise<number> {
    if (list.length === 0) return 0;
    const { rows } = await fromDatabase(
      pool.query<{ ended: string }>({
        name: "acknowledge",
        text: acknowledgeStatement(tables),
        values: [
          address,
          list.map(({ senderName }) => senderName),
          list.map(({ claimedHash }) => claimedHash),
          statesBelow("delivered"),
        ],
      }),
    );
    return Number(rows[0]?.ended ?? 0);
  }
}

/** Its parameters: account, senders' names, hashes (as many), states. */
export function acknowledgeStatement(tables: RelayTables): string {
  return endStatement(
    tables,
    "delivered",
    `select m.account, m.claimed_hash, m.sender, m.body_hash from ${tables.message} m
     join unnest($2::text[], $3::bytea[]) as a(sender_name, claimed_hash)
       on m.sender_name = a.sender_name and m.claimed_hash = a.claimed_hash
     where m.account = $1 and m.state = any($4)`,
  );
}

function statementsOn({ account, message }: RelayTables) {
  return {
    /** None where they are more than a page. */
    all: {
      name: "waiting-all",
      text: `
        select envelope from ${message}
        where account = $1 and envelope is not null
          and (select messages <= ${PAGE_MESSAGES} and bytes <= ${PAGE_BYTES} from ${account} where address = $1)
        order by number desc limit ${PAGE_MESSAGES}`,
    },
    /**
     * The page is chosen by what stands in the rows themselves, before any body is read: of each sender the newest first, so
     * that nobody's messages keep others' from being seen.
     */
    chosen: {
      name: "waiting-chosen",
      text: `
        with ranked as (
          select number, bytes, row_number() over (partition by sender_name order by number desc) as newest
          from ${message}
          where account = $1 and envelope is not null and ($2::text is null or sender_name = $2)
        ), page as (
          select number, sum(bytes) over (order by newest, number desc) - bytes as before
          from ranked order by newest, number desc limit ${PAGE_MESSAGES}
        )
        select envelope from ${message}
        where account = $1 and envelope is not null
          and number = any(array(select number from page where before < ${PAGE_BYTES}))
        order by number desc`,
    },
    waitingInOrder: {
      name: "waiting-in-order",
      text: pageInOrder({ message }, "number, envelope", PAGE_BYTES),
    },
    newest: {
      name: "newest",
      text: `
        select '0x' || encode(a.address, 'hex') as address, a.last_number from ${account} a
        join unnest($1::bytea[], $2::bigint[]) as after(address, number) on a.address = after.address
        where a.last_number > after.number`,
    },
  };
}
