/**
 * Pages of a domain's names, in the order of their bytes ("C"): all of them, those of a wallet, those that hold a text.
 *
 * A text inside names is found by reading names, out of an index and without their records, and only so many for a page: a
 * page may have few names, or none, and still lead to a next one. An index of all parts of names (pg_trgm) would need an
 * extension that not every database user may make, and would be several times the size of the names.
 */
import { toHex } from "../abi/hex.js";
import type { VersionedName } from "../registry/names/storedName.js";
import type { NamePage, Page } from "../registry/store.js";
import { fromDatabase } from "./databaseError.js";
import { IS_HELD_BELOW } from "./domainRow.js";
import { VERSIONED_COLUMNS, versionedNameOfRow, type VersionedRow } from "./nameRow.js";
import type { Pool } from "./pool.js";

/** About 20 ms of reading. */
const MOST_SCANNED = 20_000;

/** No name holds this character, and it is behind every other one. */
const LAST_CHARACTER = "\u{10ffff}";

/**
 * A range of an index, without what a domain below it holds: names that were there before an
 * earlier build added that domain still say this one. $1 is the domain, $2 to $4 the range.
 */
const IN_RANGE = `n.domain = $1 and n.name collate "C" > $2 and n.name collate "C" >= $3 and n.name collate "C" < $4
    and not ${IS_HELD_BELOW}`;
const IN_ORDER = `order by name collate "C" limit $5`;

const NAMES = `select n.name from name n where $6::text is null and ${IN_RANGE} ${IN_ORDER}`;

/**
 * Exported for the test that looks at its plan. By the address, $6, and by the name that is made of it, where rows of early
 * versions have no address (`ownerOf`).
 */
export const NAMES_OF_WALLET = `select name from (
    (select n.name from name n where n.addresses ->> '60' = $6 and ${IN_RANGE} ${IN_ORDER})
    union all
    (select n.name from name n where n.addresses ->> '60' is null
       and n.name collate "C" > $6 || '.' and n.name collate "C" < $6 || '/' and ${IN_RANGE} ${IN_ORDER})
  ) names ${IN_ORDER}`;

/** Of the names that `from` reads in their order, those with the text, $7, before the domain; at most $8. */
const holding = (from: string) => `select name from (${from}) names
  where position($7 in left(name, -char_length($1) - 1)) > 0 order by name collate "C" limit $8`;

/** The last name that `from` reads where it reads as many as it may. */
const lastOf = (from: string) =>
  `select name from (${from}) names order by name collate "C" offset $5 - 1 limit 1`;

const ROWS = `select ${VERSIONED_COLUMNS} from name n left join name_head h using (node)
  where n.name = any($1::text[]) order by n.name collate "C"`;

export async function nameList(
  pool: Pool,
  domain: string,
  { prefix, after, limit, owner, contains = "" }: NamePage,
): Promise<Page<VersionedName>> {
  const ask = async (text: string, values: readonly unknown[]) => {
    const { rows } = await fromDatabase(pool.query<{ name: string }>(text, [...values]));
    return rows.map(({ name }) => name);
  };
  const from = owner ? NAMES_OF_WALLET : NAMES;
  const mostRead = contains === "" ? limit + 1 : MOST_SCANNED;
  const range = [domain, after, prefix, prefix + LAST_CHARACTER, mostRead, owner && toHex(owner)];
  const found =
    contains === ""
      ? await ask(from, range)
      : await ask(holding(from), [...range, contains, limit + 1]);
  const shown = found.slice(0, limit);
  const { rows } = await fromDatabase(pool.query<VersionedRow>(ROWS, [shown]));
  const items = rows.map(versionedNameOfRow);
  if (found.length > limit) return { items, next: shown.at(-1) ?? null };
  const [last = null] = contains === "" ? [] : await ask(lastOf(from), range);
  return { items, next: last };
}
