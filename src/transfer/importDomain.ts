/** What an export says of a domain beside its names, at an installation that may have the domain already. */
import { assertNormalName } from "../ens/normalName.js";
import { SignpostError } from "../errors.js";
import { addDomain } from "../registry/access/addDomain.js";
import type { ServedResolver } from "../registry/domains/domain.js";
import { assertNotFrozen } from "../registry/domains/frozenDomain.js";
import type { OutcomeNotes } from "./arrive/outcomes.js";
import type { DomainImport } from "./domain/domainImport.js";
import type { DomainLines } from "./domain/domainLines.js";
import { importAlias } from "./domain/importAlias.js";
import { importPolicy } from "./domain/importPolicy.js";
import { importReservations } from "./domain/importReservations.js";
import { importResolvers, resolverOf } from "./domain/importResolvers.js";
import type { ImportStore } from "./importPort.js";

/** Throws EXPORT_MALFORMED, and what `addDomain` throws. */
export async function importDomain(
  into: DomainImport,
  lines: DomainLines,
  notes: OutcomeNotes,
): Promise<void> {
  const { domains } = into.registry;
  const { name } = lines.domain;
  noteLines(lines, notes);
  const before = (await domains.domains()).find((one) => one.name === name) ?? null;
  if (before === null) await makeDomain(into, lines);
  else assertNotFrozen(before);
  await importPolicy(into, lines, before, notes);
  await importResolvers(into, lines, before, notes);
  for (const { alias } of lines.aliases) await importAlias(into, { alias, domain: name }, notes);
  await importReservations(into, lines, before, notes);
  if (lines.source !== null) {
    notes.note("source", "kept");
    const reason =
      "its settings are in the export, and its secrets are not: connect it by `signpost source add`";
    notes.remark({ kind: "source", name, outcome: "kept", reason });
  }
}

async function makeDomain(
  { registry, store, newApiKey, onNewDomain, dryRun }: DomainImport,
  lines: DomainLines,
): Promise<void> {
  const [first] = await resolversOfNew(store, lines);
  if (dryRun) return;
  // without saying how names are handed over: one that came at this moment refuses it
  await addDomain(registry.domains, first, newApiKey);
  onNewDomain(lines.domain.name);
}

/** Of a domain that is not here. Throws INVALID_REQUEST, INVALID_NAME where it cannot be made. */
export async function resolversOfNew(
  store: Pick<ImportStore, "takesFromAnother">,
  { domain: { name }, resolvers }: DomainLines,
): Promise<readonly [ServedResolver, ...ServedResolver[]]> {
  const [first, ...more] = resolvers.map((line) => resolverOf(line, name));
  if (first === undefined) {
    throw new SignpostError(
      "INVALID_REQUEST",
      `No resolver answered for ${name} when it was exported, so it cannot be made from the export. Make it first: \`signpost domain add ${name} --chain <id> --resolver <address>\`.`,
      { domain: name },
    );
  }
  assertNormalName(name);
  if (await store.takesFromAnother(name)) {
    throw new SignpostError(
      "INVALID_REQUEST",
      `Names or reservations below ${name} are of another domain here, and an import takes none from it. Make the domain first: \`signpost domain add ${name} --chain <id> --resolver <address>\` hands them over.`,
      { domain: name },
    );
  }
  return [first, ...more];
}

function noteLines(lines: DomainLines, notes: OutcomeNotes): void {
  notes.read("signpost-export");
  notes.note("signpost-export", "unchanged");
  notes.read("domain");
  notes.read("alias", lines.aliases.length);
  notes.read("resolver", lines.resolvers.length);
  notes.read("reservation", lines.reservations.length);
  notes.read("source", lines.source === null ? 0 : 1);
}
