/** Mirrors in Postgres. Migrations 0027 and 0029 draw the tables. */
import { toHex } from "../../abi/hex.js";
import { foreignText } from "../../fetch/foreignText.js";
import { LEASE_MS } from "../../mirror/keepLease.js";
import type { MirrorProblem } from "../../mirror/mirror.js";
import type { MirrorLease, MirrorStore } from "../../mirror/mirrorStore.js";
import { inBoundedTransaction } from "../boundedTransaction.js";
import { fromDatabase } from "../databaseError.js";
import { shareDomains } from "../domainLocks.js";
import { own } from "../ownedDomain.js";
import type { Pool } from "../pool.js";
import { type Connection, inTransaction } from "../transaction.js";
import { hashesOfEntries } from "../transfer/importStore.js";
import { addMirror } from "./addMirror.js";
import { MIRROR_COLUMNS, mirrorOfRow, type MirrorRow } from "./mirrorRow.js";
import { takeIn } from "./takeIn.js";

const LONGEST_FAILURE = 1_000;

const LEASE = "where domain = $1 and lease_token = $2";

const TAKE = {
  name: "take-mirror",
  text: `update mirror set lease_token = $2, lease_until = now() + $3 * interval '1 millisecond'
    where domain = $1 and ($4 or lease_token = $2 or lease_until is null or lease_until < now())
    returning ${MIRROR_COLUMNS}`,
};

const RENEW = {
  name: "renew-mirror",
  text: `update mirror set lease_until = now() + $3 * interval '1 millisecond' ${LEASE}`,
};

const CAUGHT_UP = {
  name: "note-caught-up",
  text: `update mirror set caught_up_at = now() - $3 * interval '1 millisecond', heard_at = now(),
      copied_at = coalesce(copied_at, now()), failures = 0, failure = null ${LEASE}`,
};

const FAILED = `update mirror set failures = failures + 1, failure = $3 ${LEASE}`;

const FACTS = `update mirror set reservations = $3, notes = $4, heard_at = now() ${LEASE}`;

const CHANGE_DOMAIN = `update domain set owner = $2, claims = $3, address_names = $4, aliases = $5, reserved_labels = $6
  where name = $1`;

const DROP_RESERVATIONS = `delete from reservation
  where domain = $1 and name collate "C" > $2 and ($3::text is null or name collate "C" <= $3)
    and not name = any($4::text[])`;

/** None that a domain below has made. */
const RESERVE = `
  insert into reservation (name, domain, wallet, until)
  select name, $1, wallet, until from unnest($2::text[], $3::bytea[], $4::timestamptz[]) as given (name, wallet, until)
  on conflict (name) do update set wallet = excluded.wallet, until = excluded.until
    where reservation.domain = excluded.domain`;

const UNFREEZE =
  "update domain set frozen = false, frozen_to = null, fenced_by = null where name = $1";

const PROMOTING = `update mirror set promoting_to = $3,
  promoting_by = case when $3::text is null then null else lease_token end ${LEASE}`;

const CHANGED_HERE = "select from domain where name = $1 and not frozen";

/** Of a row that the lease has no more, nothing is written. */
async function isWritten(
  database: Pool | Connection,
  text: string | { readonly name: string; readonly text: string },
  values: readonly unknown[],
): Promise<boolean> {
  const question = { ...(typeof text === "string" ? { text } : text), values: [...values] };
  return (await fromDatabase(database.query(question))).rowCount === 1;
}

export function mirrorStore(pool: Pool): MirrorStore {
  const ask = async <Row extends object>(text: string, values: readonly unknown[]) =>
    (await fromDatabase(pool.query<Row>(text, [...values]))).rows;
  const mirrorsWhere = async (condition: string, values: readonly unknown[]) =>
    (await ask<MirrorRow>(`select ${MIRROR_COLUMNS} from mirror ${condition}`, values)).map(
      mirrorOfRow,
    );
  /** While nobody promotes or removes it. */
  const underLease = (
    { domain, token }: MirrorLease,
    work: (connection: Connection) => Promise<void>,
  ) =>
    inBoundedTransaction(pool, async (connection) => {
      await shareDomains(connection, [domain]);
      const text = `update mirror set heard_at = now(),
        lease_until = greatest(lease_until, now() + interval '${LEASE_MS} milliseconds') ${LEASE}`;
      if (!(await isWritten(connection, text, [domain, token]))) return false;
      await work(connection);
      return true;
    });

  return {
    mirrors: () => mirrorsWhere("order by domain", []),
    mirrorOf: async (domain) => (await mirrorsWhere("where domain = $1", [domain]))[0] ?? null,
    isChangedHere: async (domain) => (await ask(CHANGED_HERE, [domain])).length > 0,

    add: (mirror) => addMirror(pool, mirror),
    remove: (domain) => isWritten(pool, "delete from mirror where domain = $1", [domain]),
    notePromotion: ({ domain, token }, to) => isWritten(pool, PROMOTING, [domain, token, to]),
    promote: ({ domain, token }) =>
      inTransaction(pool, async (connection) => {
        // what is being taken in comes to its end first
        await own(connection, domain);
        if (!(await isWritten(connection, `delete from mirror ${LEASE}`, [domain, token]))) {
          return false;
        }
        return isWritten(connection, UNFREEZE, [domain]);
      }),

    take: async ({ domain, token }, leaseMs, isOurs) => {
      const question = { ...TAKE, values: [domain, token, leaseMs, isOurs] };
      const { rows } = await fromDatabase(pool.query<MirrorRow>(question));
      return rows[0] === undefined ? null : mirrorOfRow(rows[0]);
    },
    renew: ({ domain, token }, leaseMs) => isWritten(pool, RENEW, [domain, token, leaseMs]),
    letGo: async ({ domain, token }) => {
      await isWritten(pool, `update mirror set lease_until = null ${LEASE}`, [domain, token]);
    },

    hashesAt: (entries) => hashesOfEntries(pool, entries),
    takeIn: (lease, taken) => takeIn(pool, lease, taken),
    noteCaughtUp: ({ domain, token }, agoMs) => isWritten(pool, CAUGHT_UP, [domain, token, agoMs]),
    noteFailure: ({ domain, token }, failure) =>
      isWritten(pool, FAILED, [domain, token, foreignText(failure, LONGEST_FAILURE)]),

    problemsDue: async (domain, afterMs, limit) => {
      const rows = await ask<{ node: Buffer }>(
        `select node from mirror_problem where domain = $1 and tried_at < now() - $2 * interval '1 millisecond'
         order by tried_at limit $3`,
        [domain, afterMs, limit],
      );
      return rows.map(({ node }) => toHex(node));
    },
    problemsOf: async (domain, limit) => {
      const rows = await ask<ProblemRow>(
        `select node, name, outcome, reason from mirror_problem where domain = $1 order by name, node limit $2`,
        [domain, limit],
      );
      return rows.map(({ node, ...problem }) => ({ node: toHex(node), ...problem }));
    },

    replaceReservations: (lease, { after, upTo }, reservations) =>
      underLease(lease, async (connection) => {
        const names = reservations.map(({ name }) => name);
        const { domain } = lease;
        const query = (text: string, values: readonly unknown[]) =>
          fromDatabase(connection.query(text, [...values]));
        await query(DROP_RESERVATIONS, [domain, after, upTo, names]);
        await query(RESERVE, [
          ...[domain, names, reservations.map(({ wallet }) => wallet)],
          reservations.map(({ untilMs }) => (untilMs === null ? null : new Date(untilMs))),
        ]);
      }),
    noteFacts: (lease, { reservations, notes }, { owner, policy }) =>
      underLease(lease, async (connection) => {
        const { domain, token } = lease;
        const { claims, addressNames, aliases, reservedLabels } = policy;
        const values = [claims, addressNames, aliases, reservedLabels];
        await isWritten(connection, CHANGE_DOMAIN, [domain, owner, ...values]);
        const fit = notes.map((note) => foreignText(note, LONGEST_FAILURE));
        await isWritten(connection, FACTS, [domain, token, reservations, fit]);
      }),
  };
}

interface ProblemRow extends Omit<MirrorProblem, "node"> {
  readonly node: Buffer;
}
