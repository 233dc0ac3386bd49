/** Rows of the table resolver, alone and beside domains and their aliases. */
import type { AliasDomain } from "../registry/domains/aliasDomain.js";
import type { DomainSource, ServedResolver, Serving } from "../registry/domains/domain.js";
import { addressOf } from "./bytea.js";

export interface ResolverRow {
  /** A numeric, which the driver returns as text. */
  readonly chain_id: string;
  readonly address: Buffer;
  readonly domain: string;
}

export function resolverOfRow(row: ResolverRow): ServedResolver {
  return {
    chainId: BigInt(row.chain_id),
    resolver: addressOf(row.address),
    domain: row.domain,
  };
}

/** A domain with a resolver, a domain without one, an alias, or a source. */
export type ServingRow =
  | (ResolverRow & { readonly alias: null; readonly source: null })
  | {
      readonly chain_id: null;
      readonly address: null;
      readonly domain: string;
      readonly alias: string | null;
      /** A bigint, which the driver returns as text. */
      readonly source: string | null;
    };

export function servingOfRows(rows: readonly ServingRow[]): Serving {
  const domains = new Set<string>();
  const resolvers: ServedResolver[] = [];
  const aliases: AliasDomain[] = [];
  const sources: DomainSource[] = [];
  for (const row of rows) {
    const { domain, alias, source } = row;
    if (source !== null) sources.push({ id: source, domain });
    else if (alias !== null) aliases.push({ alias, domain });
    else domains.add(domain);
    if (row.chain_id !== null) resolvers.push(resolverOfRow(row));
  }
  return { resolvers, domains: [...domains], aliases, sources };
}
