/** A row of the table resolver. */
import type { ServedResolver } from "../registry/domains/domain.js";
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
