/** A domain as it is at one moment, for its export. */
import { noSuchDomain } from "../../registry/domains/noSuchDomain.js";
import type { ExportSnapshot } from "../../transfer/exportPort.js";
import type { DomainFacts } from "../../transfer/form/writeLine.js";
import { DOMAIN_COLUMNS, domainOfRow, type DomainRow } from "../domainRow.js";
import type { Pool } from "../pool.js";
import { RESERVATION_COLUMNS, reservationOfRow, type ReservationRow } from "../reservationRow.js";
import { resolverOfRow, type ResolverRow } from "../resolverRow.js";
import type { Connection } from "../transaction.js";
import { exportItems } from "./exportItems.js";
import { exportTexts } from "./exportTexts.js";
import { askSnapshot, inSnapshot } from "./snapshot.js";

const ALIASES = `select alias from domain_alias where domain = $1 order by alias collate "C"`;
const RESOLVERS = "select chain_id, address, domain from resolver where domain = $1 order by 1, 2";
const RESERVATIONS = `select ${RESERVATION_COLUMNS} from reservation where domain = $1 order by name collate "C"`;
const SOURCE = "select settings, fresh_ms from source where domain = $1";

const NAMES = "select count(*) as count from name where domain = $1";
const UNNAMED = `
  select count(*) from (
    select node from retired_profile union select node from source_served union select node from source_retired
  ) marked
  where not exists (select from name where node = marked.node)
    and not exists (select from name_head where node = marked.node and number > 0)
    and not exists (select from imported_node where node = marked.node)
    and not exists (select from source_name where node = marked.node)`;

interface SourceSettingsRow {
  readonly settings: Record<string, unknown>;
  readonly fresh_ms: number;
}

/** Throws NOT_FOUND without the domain. */
export async function withExportSnapshot<Result>(
  pool: Pool,
  domain: string,
  work: (snapshot: ExportSnapshot) => Promise<Result>,
): Promise<Result> {
  return inSnapshot(pool, async (connection) => {
    const facts = await factsOf(connection, domain);
    const [names] = await askSnapshot<{ count: string }>(connection, NAMES, [domain]);
    const [unnamed] = await askSnapshot<{ count: string }>(connection, UNNAMED);
    return work({
      facts,
      names: Number(names?.count ?? 0),
      unnamed: Number(unnamed?.count ?? 0),
      items: (after, withEntries) => exportItems(connection, domain, after, withEntries),
      texts: (after) => exportTexts(connection, domain, after),
    });
  });
}

type Ask = <Row extends object>(text: string) => Promise<readonly Row[]>;

async function factsOf(connection: Connection, name: string): Promise<DomainFacts> {
  const ask: Ask = (text) => askSnapshot(connection, text, [name]);
  const facts = await domainFactsOf(ask, name);
  return {
    ...facts,
    reservations: (await ask<ReservationRow>(RESERVATIONS)).map(reservationOfRow),
  };
}

/** Throws NOT_FOUND without the domain. */
export async function domainFactsOf(
  ask: Ask,
  name: string,
): Promise<Omit<DomainFacts, "reservations">> {
  const [row] = await ask<DomainRow>(`select ${DOMAIN_COLUMNS} from domain where name = $1`);
  if (row === undefined) throw noSuchDomain(name);
  const [source] = await ask<SourceSettingsRow>(SOURCE);
  return {
    domain: domainOfRow(row),
    aliases: (await ask<{ alias: string }>(ALIASES)).map(({ alias }) => alias),
    resolvers: (await ask<ResolverRow>(RESOLVERS)).map(resolverOfRow),
    source: source ? { settings: source.settings, freshMs: source.fresh_ms } : null,
  };
}
