/** Names that are one name to dm3's clients: how they are found, and how two changes of them wait for one another. */
import { fromHex } from "../abi/hex.js";
import { type Address, addressFrom } from "../ens/address.js";
import { namehash } from "../ens/namehash.js";
import type { NormalName } from "../ens/normalize.js";
import type { NameTarget } from "../registry/history/lockedName.js";
import { dm3FormOf } from "../registry/names/dm3Form.js";
import type { DivergentTwins, TwinnedName, Twins } from "../registry/names/twins.js";
import { fromDatabase } from "./databaseError.js";
import type { Pool } from "./pool.js";
import { RESERVATION_COLUMNS, reservationOfRow, type ReservationRow } from "./reservationRow.js";
import type { Connection } from "./transaction.js";

/** As the indexes of migration 0015 say it. What nameprep refuses has no form that anybody asks for. */
const formOf = (column: string) => `replace(replace(${column}, 'ß', 'ss'), 'ς', 'σ')`;
const hasForm = (column: string) => `(${column} like '%ß%' or ${column} like '%ς%')`;

/** Of a table with full names as n. */
const twinsIn = (table: string, columns: string, where: string) => `
  with asked as (
    select * from unnest($1::text[], $2::text[], $3::text[]) as asked (asked_name, form, asked_domain)
  ), found as (
    select asked_name, asked_domain, n.* from asked join ${table} n on n.name = form
    union all
    select asked_name, asked_domain, n.* from asked join ${table} n on ${formOf("n.name")} = form
    where ${hasForm("n.name")}
  )
  select asked_name, ${columns} from found
  where name <> asked_name and domain = asked_domain and ${where}`;

export const OWNED_TWINS = {
  name: "owned-twins",
  text: twinsIn("name", "name, addresses ->> '60' as owner", "addresses ->> '60' is not null"),
};
const RESERVED_TWINS = {
  name: "reserved-twins",
  text: twinsIn("reservation", RESERVATION_COLUMNS, "(until is null or until > now())"),
};

/** Each pair once. */
const DIVERGENT = `
  with formed as (
    select name, domain, addresses ->> '60' as owner, ${formOf("name")} as form
    from name where ${hasForm("name")} and addresses ->> '60' is not null
  )
  select a.domain, a.name, a.owner, b.name as twin, b.addresses ->> '60' as twin_owner
  from formed a join name b on b.name = a.form
  where b.domain = a.domain and b.addresses ->> '60' <> a.owner
  union all
  select a.domain, a.name, a.owner, b.name, b.owner
  from formed a join formed b on b.form = a.form and b.domain = a.domain and a.name < b.name
  where b.owner <> a.owner
  order by 1, 2, 4 limit $1`;

/** Without those that nameprep refuses: dm3's clients cannot ask for any of them. */
export async function divergentTwins(
  pool: Pool,
  limit: number,
): Promise<readonly DivergentTwins[]> {
  const { rows } = await fromDatabase(
    pool.query<Record<"domain" | "name" | "owner" | "twin" | "twin_owner", string>>(DIVERGENT, [
      limit,
    ]),
  );
  return rows
    .filter(({ name }) => dm3FormOf(name) !== null)
    .map((row) => ({
      domain: row.domain,
      names: [row.name, row.twin],
      owners: [addressFrom(fromHex(row.owner)), addressFrom(fromHex(row.twin_owner))],
    }));
}

export type TwinQuestion = Pick<NameTarget, "place" | "sharedForm">;

interface Found {
  readonly asked_name: NormalName;
}

/** By the name that was asked for; only of those that can have one. Under their locks. */
export async function twinsOf(
  connection: Connection,
  questions: readonly TwinQuestion[],
): Promise<ReadonlyMap<NormalName, Twins>> {
  const asked = questions.flatMap(({ place, sharedForm }) =>
    place && sharedForm !== undefined ? [{ ...place, sharedForm }] : [],
  );
  if (asked.length === 0) return new Map();
  const values = [
    asked.map(({ name }) => name),
    asked.map(({ sharedForm }) => sharedForm),
    asked.map(({ domain }) => domain),
  ];
  const owned = await fromDatabase(
    connection.query<Found & { name: string; owner: string }>({ ...OWNED_TWINS, values }),
  );
  const reserved = await fromDatabase(
    connection.query<Found & ReservationRow>({ ...RESERVED_TWINS, values }),
  );
  return new Map(
    asked.map(({ name }) => {
      const isAsked = (row: Found) => row.asked_name === name;
      const twins: Twins = {
        owned: owned.rows
          .filter(isAsked)
          .map((row) => ({ name: row.name, owner: addressFrom(fromHex(row.owner)) })),
        reservations: reserved.rows.filter(isAsked).map(reservationOfRow),
      };
      return [name, twins];
    }),
  );
}

/** Without their locks: what is so now. */
export async function ownersOfTwins(
  pool: Pool,
  { name, sharedForm, domain }: TwinnedName,
): Promise<readonly Address[]> {
  const values = [[name], [sharedForm], [domain]];
  const { rows } = await fromDatabase(pool.query<{ owner: string }>({ ...OWNED_TWINS, values }));
  return rows.map(({ owner }) => addressFrom(fromHex(owner)));
}

/** Beside its own node a name locks that of its form, so that two names of one form wait for each other. */
export function nodesOfForms(questions: readonly TwinQuestion[]): readonly Uint8Array[] {
  return questions.flatMap(({ place, sharedForm }) =>
    place && sharedForm !== undefined && sharedForm !== place.name ? [namehash(sharedForm)] : [],
  );
}
