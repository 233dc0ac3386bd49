/** What an export says of a domain beside its names, at an installation that may have the domain already. */
import { fromHex, toHex } from "../abi/hex.js";
import { stringify } from "../dm3/stringify.js";
import { addressFrom } from "../ens/address.js";
import { isWithin } from "../ens/hierarchy.js";
import { assertNormalName } from "../ens/normalName.js";
import { isSignpostError, SignpostError } from "../errors.js";
import { addDomain } from "../registry/access/addDomain.js";
import type { Domain, ServedResolver } from "../registry/domains/domain.js";
import { assertNotFrozen } from "../registry/domains/frozenDomain.js";
import type { Reservation } from "../registry/domains/reservation.js";
import type { DomainStore, Page, RegistryStores } from "../registry/store.js";
import type { OutcomeNotes } from "./arrive/outcomes.js";
import type { LineOf } from "./form/exportLine.js";
import { malformed } from "./form/readLine.js";
import type { ImportStore } from "./importPort.js";

const RESERVATIONS_AT_ONCE = 1_000;

export interface DomainLines {
  readonly domain: LineOf<"domain">;
  readonly aliases: readonly LineOf<"alias">[];
  readonly resolvers: readonly LineOf<"resolver">[];
  readonly reservations: readonly LineOf<"reservation">[];
  readonly source: LineOf<"source"> | null;
}

export interface DomainImport {
  readonly registry: RegistryStores;
  readonly store: Pick<ImportStore, "takesFromAnother">;
  /** Of the domain, if it has to be made: shown by the caller, once. */
  readonly newApiKey: string;
  /** Told at once when the domain was made: nobody knows its key yet. */
  readonly onNewDomain: (domain: string) => void;
  readonly dryRun: boolean;
}

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
  await importAliases(into, lines, notes);
  const reserved = before === null ? new Map<string, string>() : await reservedNow(domains, name);
  for (const line of lines.reservations) {
    const there = reserved.get(line.name);
    if (there === undefined) await importReservation(into, line, name, notes);
    else noteReservation(line, there === textOfReservation(line), notes);
  }
  if (lines.source !== null) {
    notes.note("source", "kept");
    const reason =
      "its settings are in the export, and its secrets are not: connect it by `signpost source add`";
    notes.remark({ kind: "source", name, outcome: "kept", reason });
  }
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

/**
 * Connected where the domain is made. A resolver decides which signatures of wallets count, so the file connects none to a
 * domain that is in use.
 */
async function importResolvers(
  { registry: { domains }, dryRun }: DomainImport,
  { domain: { name }, resolvers }: DomainLines,
  before: Domain | null,
  notes: OutcomeNotes,
): Promise<void> {
  const existing = before === null ? [] : await domains.resolversOf(name);
  for (const [index, line] of resolvers.entries()) {
    const resolver = resolverOf(line, name);
    if (before === null) {
      notes.note("resolver", "imported");
      // with the first one it was made
      if (index > 0 && !dryRun) await domains.connectResolver(resolver);
      continue;
    }
    const isThere = existing.some((one) => isSameResolver(one, resolver));
    notes.note("resolver", isThere ? "unchanged" : "kept");
    if (isThere) continue;
    const reason = `${line.address} on chain ${line.chainId} does not answer for it here; \`signpost domain connect\` connects it`;
    notes.remark({ kind: "resolver", name, outcome: "kept", reason });
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

/** A domain without names takes the export's policy; one with names is in use, and keeps its own. */
async function importPolicy(
  { registry, dryRun }: DomainImport,
  { domain: { name, owner, policy } }: DomainLines,
  before: Domain | null,
  notes: OutcomeNotes,
): Promise<void> {
  const wanted = { owner: owner === null ? null : addressFrom(fromHex(owner)), policy };
  const isSame = before !== null && policyText(before) === policyText(wanted);
  if (isSame) {
    notes.note("domain", "unchanged");
    return;
  }
  const page = { prefix: "", after: "", limit: 1 };
  const isInUse =
    before !== null && (await registry.names.namesOfDomain(name, page)).items.length > 0;
  notes.note("domain", isInUse ? "kept" : "imported");
  if (isInUse) {
    const reason = "its policy or owner here is another one, and stays (`signpost domain policy`)";
    notes.remark({ kind: "domain", name, outcome: "kept", reason });
  } else if (!dryRun) await registry.domains.changeDomain(name, wanted);
}

function policyText({ owner, policy }: Pick<Domain, "owner" | "policy">): string {
  return stringify({ owner: owner === null ? null : [...owner], policy });
}

export async function importAliases(
  into: Pick<DomainImport, "registry" | "dryRun">,
  { domain: { name }, aliases }: Pick<DomainLines, "domain" | "aliases">,
  notes: OutcomeNotes,
): Promise<void> {
  for (const { alias } of aliases) await importAlias(into, { alias, domain: name }, notes);
}

async function importAlias(
  { registry: { domains }, dryRun }: Pick<DomainImport, "registry" | "dryRun">,
  alias: { readonly alias: string; readonly domain: string },
  notes: OutcomeNotes,
): Promise<void> {
  const there = (await domains.aliases()).find((one) => one.alias === alias.alias);
  if (there?.domain === alias.domain) {
    notes.note("alias", "unchanged");
    return;
  }
  await noted(notes, "alias", alias.alias, async () => {
    assertNormalName(alias.alias);
    if (!dryRun) await domains.addAlias(alias);
  });
}

/** All of them: an export brings back none that was changed here. */
async function reservedNow(
  domains: DomainStore,
  domain: string,
): Promise<ReadonlyMap<string, string>> {
  const reserved = new Map<string, string>();
  let after: string | null = "";
  while (after !== null) {
    const page: Page<Reservation> = await domains.reservationsOf(
      domain,
      after,
      RESERVATIONS_AT_ONCE,
    );
    for (const { name, wallet, untilMs } of page.items) {
      reserved.set(name, textOfReservation({ wallet: wallet && toHex(wallet), untilMs }));
    }
    after = page.next;
  }
  return reserved;
}

function textOfReservation({ wallet, untilMs }: Pick<LineOf<"reservation">, "wallet" | "untilMs">) {
  return stringify({ wallet, untilMs });
}

function noteReservation(
  { name }: LineOf<"reservation">,
  isSame: boolean,
  notes: OutcomeNotes,
): void {
  notes.note("reservation", isSame ? "unchanged" : "kept");
  if (isSame) return;
  const reason = "it is reserved otherwise here, and stays so";
  notes.remark({ kind: "reservation", name, outcome: "kept", reason });
}

async function importReservation(
  { registry: { domains }, dryRun }: DomainImport,
  { name, wallet, untilMs }: LineOf<"reservation">,
  domain: string,
  notes: OutcomeNotes,
): Promise<void> {
  await noted(notes, "reservation", name, async () => {
    assertNormalName(name);
    if (!isWithin(name, domain)) {
      throw new SignpostError("FORBIDDEN", `it does not lie under ${domain}`, { name, domain });
    }
    const its = wallet === null ? null : addressFrom(fromHex(wallet));
    if (!dryRun) await domains.reserve({ domain, name, wallet: its, untilMs });
  });
}

/** What the rules of here refuse is told, and the rest goes on. */
async function noted(
  notes: OutcomeNotes,
  kind: string,
  name: string,
  work: () => Promise<void>,
): Promise<void> {
  try {
    await work();
    notes.note(kind, "imported");
  } catch (error) {
    const codes = [
      "NAME_TAKEN",
      "NAME_RESERVED",
      "FORBIDDEN",
      "INVALID_REQUEST",
      "INVALID_NAME",
    ] as const;
    if (!isSignpostError(error, ...codes)) throw error;
    notes.note(kind, "refused");
    notes.remark({ kind, name, outcome: "refused", reason: error.message });
  }
}

function resolverOf({ chainId, address }: LineOf<"resolver">, domain: string): ServedResolver {
  return { chainId: BigInt(chainId), resolver: addressFrom(fromHex(address)), domain };
}

function isSameResolver(a: ServedResolver, b: ServedResolver): boolean {
  return a.chainId === b.chainId && stringify([...a.resolver]) === stringify([...b.resolver]);
}

/** The lines of a domain, each kind as often as it may be. Throws EXPORT_MALFORMED. */
export function domainLinesOf(
  domain: string,
  lines: readonly { readonly line: { readonly kind: string }; readonly number: number }[],
): DomainLines {
  const of = <Kind extends keyof LinesByKind>(kind: Kind) =>
    lines.flatMap(({ line }) => (line.kind === kind ? [line as LinesByKind[Kind]] : []));
  const [own, ...more] = of("domain");
  if (own === undefined || more.length > 0 || own.name !== domain) {
    throw malformed(2, `one line about the domain ${domain} was expected behind the first line.`);
  }
  const [source = null] = of("source");
  return {
    ...{ domain: own, source },
    aliases: of("alias"),
    resolvers: of("resolver"),
    reservations: of("reservation"),
  };
}

interface LinesByKind {
  readonly domain: LineOf<"domain">;
  readonly alias: LineOf<"alias">;
  readonly resolver: LineOf<"resolver">;
  readonly reservation: LineOf<"reservation">;
  readonly source: LineOf<"source">;
}
