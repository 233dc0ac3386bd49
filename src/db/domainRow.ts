/** A row of the table domain, and which domain holds a name. */
import { parentName } from "../ens/hierarchy.js";
import type { Domain } from "../registry/domains/domain.js";
import type { DomainPolicy } from "../registry/domains/domainPolicy.js";
import { addressOf } from "./bytea.js";
import { fromDatabase } from "./databaseError.js";
import type { Pool } from "./pool.js";
import type { Connection } from "./transaction.js";

export const DOMAIN_COLUMNS =
  "name, owner, owner_signs_in, claims, address_names, aliases, reserved_labels, frozen, frozen_to";

export interface DomainRow {
  readonly name: string;
  readonly owner: Buffer | null;
  readonly owner_signs_in: boolean;
  readonly claims: DomainPolicy["claims"];
  readonly address_names: boolean;
  readonly aliases: boolean;
  readonly reserved_labels: readonly string[];
  readonly frozen: boolean;
  readonly frozen_to: string | null;
}

/** A domain, or an alias, which holds no names and keeps them from the domain above it. */
type NamespaceRow =
  (DomainRow & { readonly is_alias: false }) | { readonly name: string; readonly is_alias: true };

const NAMESPACES_NAMED = {
  name: "namespaces-named",
  text: `select ${DOMAIN_COLUMNS}, false as is_alias from domain where name = any($1::text[])
         union all
         select alias, null, null, null, null, null, null, null, null, true from domain_alias
         where alias = any($1::text[]) and not exists (select from domain where name = alias)`,
};

/**
 * Of a row `n` with a full name at or below $1: whether a domain below $1 holds it. Mostly there is none, which is asked
 * once for all rows; else the name itself, and each name between it and $1, is looked up among the domains, however many
 * there are. Ends are compared, not matched: a name may hold "_".
 */
export const IS_HELD_BELOW = `(
    exists (select from domain below where right(below.name, length($1) + 1) = '.' || $1)
    and exists (
      select from domain d where d.name = any (array(
        select array_to_string(labels[first:], '.')
        from string_to_array(n.name, '.') as labels,
          generate_series(1, cardinality(labels) - cardinality(string_to_array($1, '.'))) as first
      ))
    )
  )`;

export function domainOfRow(row: DomainRow): Domain {
  return {
    name: row.name,
    owner: row.owner && addressOf(row.owner),
    ownerSignsIn: row.owner_signs_in,
    policy: {
      claims: row.claims,
      addressNames: row.address_names,
      aliases: row.aliases,
      reservedLabels: row.reserved_labels,
    },
    frozen: row.frozen ? { to: row.frozen_to } : null,
  };
}

/**
 * The most specific domain that each of the names lies under, or is; a name under none has no entry, nor has one for which
 * that is an alias domain.
 *
 * @param without a domain that does not count
 */
export async function domainsHolding(
  database: Pool | Connection,
  names: readonly string[],
  without: string | null = null,
): Promise<ReadonlyMap<string, Domain>> {
  const among = [...new Set(names.flatMap(withAncestors))];
  const question = { ...NAMESPACES_NAMED, values: [among] };
  const { rows } = await fromDatabase(database.query<NamespaceRow>(question));
  const namespaces = new Map(rows.map((row) => [row.name, row.is_alias ? null : domainOfRow(row)]));
  if (without !== null) namespaces.delete(without);
  const holding = new Map<string, Domain>();
  for (const name of names) {
    const domain = withAncestors(name)
      .map((one) => namespaces.get(one))
      .find((one) => one !== undefined);
    if (domain) holding.set(name, domain);
  }
  return holding;
}

/** The name, and every name that it lies under, the most specific first. */
function withAncestors(name: string): string[] {
  const parent = parentName(name);
  return parent === null ? [name] : [name, ...withAncestors(parent)];
}
