/**
 * Accepted messages, those that come together in one statement.
 *
 * The statement locks the accounts first, in the order of their addresses, and gives numbers under that lock: so no
 * message becomes visible behind a higher number of its account, and no two statements wait for one another in a circle.
 * It sees the messages of before it waited; what another one has kept meanwhile is told by the primary key.
 *
 * A domain with all below it may have as much of a mailbox as stays free, of its messages and of its bytes, so that one that
 * floods it has half, the next one a quarter, and so on. A sender may have half of that.
 */
import type { Kept, MailboxBounds, NewMessage } from "../../relay/store.js";
import { inBatches } from "../batches.js";
import { fromDatabase } from "../databaseError.js";
import type { Pool } from "../pool.js";
import { lockedAccounts } from "./lockedAccounts.js";
import type { RelayTables } from "./relayTables.js";

/**
 * With envelopes of 9 kB a statement has half a megabyte. Each commit waits for the disk, and meanwhile the next messages
 * gather; a statement that waits for a locked account holds them up no longer than the patience.
 */
const BOUNDS = {
  ...{ mostInBatch: 64, mostInFlight: 4, worthAStatement: 64, patienceMs: 20 },
  ...{ longestWaitMs: 5_000, mostWaiting: 4_000 },
};

/** Where a node takes long messages: each is here and in its statement, as text and as bytes. */
const BYTES = {
  bytesOf: ({ envelope }: NewMessage) => Buffer.byteLength(envelope),
  mostInBatch: 4 * 1024 * 1024,
  mostWaiting: 64 * 1024 * 1024,
};

/** Of one message, told by its claimed hash. */
const MOST_COPIES = 8;

/** The columns of a message but its envelope, in the order of the parameters behind the bounds. */
const FIRST_COLUMN = 4;
const COLUMNS = [
  ["account", "bytea"],
  ["sender", "bytea"],
  ["sender_name", "text"],
  ["sender_domain", "text"],
  ["claimed_hash", "bytea"],
  ["body_hash", "bytea"],
  ["bytes", "integer"],
] as const;

interface KeptRow {
  /** A bigint, which the driver returns as text. */
  readonly number: string | null;
  readonly after: string | null;
  readonly verdict: "kept" | "known" | "no-account" | "mailbox" | "sender" | "domain" | "copies";
}

export function messageKeeper(
  pool: Pool,
  tables: RelayTables,
  { mostMessages, mostBytes }: MailboxBounds,
): (message: NewMessage) => Promise<Kept> {
  const text = keepStatement(tables);
  return inBatches({
    ...BOUNDS,
    what: "the messages",
    bytes: BYTES,
    work: async (messages) => {
      const values = [mostMessages, mostBytes, MOST_COPIES, ...valuesOf(messages)];
      const { rows } = await fromDatabase(pool.query<KeptRow>({ name: "keep", text, values }));
      return rows.map(keptOfRow);
    },
  });
}

/**
 * The envelopes are one piece of bytes, cut by their lengths: so there is one statement, prepared once, for any number of
 * messages, and nothing in them is escaped.
 */
function valuesOf(messages: readonly NewMessage[]): readonly unknown[] {
  const envelopes = messages.map(({ envelope }) => Buffer.from(envelope));
  return [
    messages.map(({ account }) => account),
    messages.map(({ sender }) => sender),
    messages.map(({ senderName }) => senderName),
    messages.map(({ senderDomain }) => senderDomain),
    messages.map(({ claimedHash }) => claimedHash),
    messages.map(({ bodyHash }) => bodyHash),
    envelopes.map(({ length }) => length),
    Buffer.concat(envelopes),
  ];
}

/**
 * A number is the time in milliseconds, or the one behind the last where that is higher. So a database that was restored from a
 * backup gives no number again that was given after the backup, and a client that is ahead of it misses nothing.
 */
const FIRST_FREE = "greatest(last_number, (extract(epoch from now()) * 1000)::bigint)";

/** What is refused for its sender's share, or known, takes no room from others that come with it. */
const MAY_BE_KEPT = "answer is null and excess is null";

/**
 * What is known of each message and its sender is asked by subqueries of its own, for which Postgres always takes the index: of
 * a join or `exists` it may hash the whole table, and go on with that plan while the table grows. Only a table that was analyzed
 * when it had some pages it reads whole, so these are not analyzed as early as others (migration 5).
 */
export function keepStatement({ account, message, share }: RelayTables): string {
  const arrays = COLUMNS.map(([, type], index) => `$${FIRST_COLUMN + index}::${type}[]`);
  const names = COLUMNS.map(([name]) => name).join(", ");
  const envelopes = `$${FIRST_COLUMN + COLUMNS.length}::bytea`;
  const shareOf = (holder: string) => `
    cross join lateral (
      select coalesce(sum(messages), 0) as messages, coalesce(sum(bytes), 0) as bytes from ${share}
      where (account, holder) = (g.account, g.${holder})
    ) ${holder}_has`;
  /** Whether it would have more than that part of what is free, as it was before the messages that are given. */
  const isOver = (holder: string, parts: number) => `
          ${parts} * (${holder}_has.messages + row_number() over ${holder}s) > $1 - l.held
          or ${parts} * (${holder}_has.bytes + sum(g.bytes) over ${holder}s) > $2 - l.held_bytes`;
  return `
  with given as (
    select g.*, 1 + sum(bytes) over (order by at) - bytes as first_byte
    from unnest(${arrays.join(", ")}) with ordinality as g(${names}, at)
  ), locked as (
    select address, last_number as given_before, ${FIRST_FREE} as last_number, messages as held, bytes as held_bytes
    from ${lockedAccounts(account, "given")}
  ), weighed as (
    select g.*, l.given_before, l.last_number, l.held, l.held_bytes,
      case
        when l.address is null then 'no-account'
        when m.is_known then 'known'
        when m.copies + row_number() over (partition by g.account, g.claimed_hash, g.sender order by g.at) > $3
          then 'copies'
      end as answer,
      case
        when ${isOver("sender_name", 2)} then 'sender'
        when ${isOver("sender_domain", 1)} then 'domain'
      end as excess
    from given g
    left join locked l on l.address = g.account
    cross join lateral (
      select count(*) as copies, bool_or(body_hash = g.body_hash) as is_known from ${message}
      where (account, claimed_hash, sender) = (g.account, g.claimed_hash, g.sender)
    ) m
    ${shareOf("sender_name")}
    ${shareOf("sender_domain")}
    window sender_names as (partition by g.account, g.sender_name order by g.at),
      sender_domains as (partition by g.account, g.sender_domain order by g.at)
  ), judged as (
    select *,
      coalesce(
        answer,
        case
          when held + 1 + count(*) filter (where ${MAY_BE_KEPT}) over earlier > $1::integer
            or held_bytes + bytes + coalesce(sum(bytes) filter (where ${MAY_BE_KEPT}) over earlier, 0) > $2::bigint
            then 'mailbox'
        end,
        excess,
        'kept'
      ) as verdict
    from weighed
    window earlier as (partition by account order by at rows between unbounded preceding and 1 preceding)
  ), inserted as (
    insert into ${message} (${names}, envelope, number)
    select ${names}, convert_from(substring(${envelopes} from first_byte::integer for bytes), 'UTF8'),
      last_number + row_number() over (partition by account order by at)
    from judged where verdict = 'kept' order by account, at
    on conflict do nothing
    returning account, number, claimed_hash, sender, body_hash, bytes, sender_name, sender_domain
  ), counted as (
    update ${account} a
    set last_number = i.number, messages = a.messages + i.messages, bytes = a.bytes + i.bytes
    from (select account, max(number) as number, count(*) as messages, sum(bytes) as bytes
          from inserted group by account) i
    where a.address = i.account
  ), shared as (
    insert into ${share} as s (account, holder, messages, bytes)
    select account, holder, count(*), sum(bytes)
    from inserted, lateral (values (sender_name), (sender_domain)) h(holder)
    group by account, holder order by account, holder
    on conflict (account, holder)
      do update set messages = s.messages + excluded.messages, bytes = s.bytes + excluded.bytes
  )
  select case when j.verdict = 'kept' and i.number is null then 'known' else j.verdict end as verdict, i.number,
    coalesce(max(i.number) over before, j.given_before) as after
  from judged j left join inserted i on j.verdict = 'kept' and (i.account, i.claimed_hash, i.sender, i.body_hash)
    = (j.account, j.claimed_hash, j.sender, j.body_hash)
  window before as (partition by j.account order by j.at rows between unbounded preceding and 1 preceding)
  order by j.at`;
}

function keptOfRow({ verdict, number, after }: KeptRow): Kept {
  switch (verdict) {
    case "kept":
      // of equal ones in a batch, the first was kept, and the others find its number behind them
      if (Number(number) <= Number(after)) return { kind: "known" };
      return { kind: "kept", number: Number(number), after: Number(after) };
    case "known":
    case "no-account":
      return { kind: verdict };
    case "mailbox":
    case "sender":
    case "domain":
    case "copies":
      return { kind: "full", of: verdict };
  }
}
