/**
 * Names of an export into this installation, some thousands at a time: verified, then those of which nothing is here
 * written at once, and each other one decided under its lock. Doing it again changes nothing, so an import that was cut
 * off goes on behind its last finished part.
 */
import { toHex } from "../abi/hex.js";
import type { Clock } from "../registry/changes/clock.js";
import type { ContractWallets } from "../registry/signed/contractWallets.js";
import type { NameStore } from "../registry/store.js";
import { askChains } from "./arrive/askChains.js";
import { type Arrived, decideArrival } from "./arrive/decideArrival.js";
import { type OutcomeNotes, outcomeNotes } from "./arrive/outcomes.js";
import { targetOfArrival } from "./arrive/targetOfArrival.js";
import type { NameGroup } from "./form/nameGroups.js";
import type { ImportProgress, ImportStore, PackedName } from "./importPort.js";
import { isRefused, type NameArrival, type Refused } from "./verify/nameArrival.js";
import { verifyLines } from "./verify/verifyLines.js";

/** Locked at a time, where each has to be decided. */
const DECIDED_AT_ONCE = 500;

export interface NameImport {
  readonly domain: string;
  readonly names: Pick<NameStore, "changeNames">;
  readonly store: ImportStore;
  /** Asked about entries that contract wallets signed, where it knows their chain; null: nobody is asked. */
  readonly contractWallets: ContractWallets | null;
  /** `resolverKey` of those that answer for the domain. */
  readonly resolvers: ReadonlySet<string>;
  readonly nowMs: Clock;
  readonly dryRun: boolean;
}

interface Verified {
  readonly group: NameGroup;
  readonly packed: PackedName;
}

/**
 * All in a few transactions: each name wholly or not at all. Throws DATABASE_UNAVAILABLE.
 * @param results what verifying each of the groups came to
 * @param progressWith how far the import has come, with those outcomes
 */
export async function importNames(
  into: NameImport,
  groups: readonly NameGroup[],
  results: readonly (PackedName | Refused)[],
  notes: OutcomeNotes,
  progressWith: (notes: OutcomeNotes) => ImportProgress,
): Promise<void> {
  for (const { lines } of groups) {
    notes.read("name");
    notes.read("entry", lines - 1);
  }
  const verified: Verified[] = [];
  groups.forEach((group, index) => {
    const result = results[index];
    if (result === undefined) return;
    if (isRefused(result)) noteGroup(notes, group, { outcome: "refused", ...result });
    else verified.push({ group, packed: result });
  });
  // what a chain is asked about goes by itself
  const mustAsk = ({ packed }: Verified) =>
    packed.ofContracts.length > 0 && into.contractWallets !== null;
  const plain = verified.filter((one) => !mustAsk(one));
  const others = verified.filter(mustAsk);
  const added = await into.store.addNew(
    into.domain,
    plain.map(({ packed }) => packed),
    into.dryRun,
    (isAdded) => {
      if (others.length > 0 || !isAdded.every((one) => one)) return null;
      const withThem = outcomeNotes(notes.outcomes());
      for (const one of plain) noteAdded(withThem, one);
      return progressWith(withThem);
    },
  );
  plain.forEach((one, index) => {
    if (added[index] === true) noteAdded(notes, one);
    else others.push(one);
  });
  for (let at = 0; at < others.length; at += DECIDED_AT_ONCE) {
    await decideEach(into, others.slice(at, at + DECIDED_AT_ONCE), notes);
  }
  // where all was new, it was kept with the names
  if (others.length > 0 && !into.dryRun)
    await into.store.noteProgress(into.domain, progressWith(notes));
}

function noteAdded(notes: OutcomeNotes, { group, packed: { name, ofContracts } }: Verified): void {
  notes.notAsked(ofContracts.length);
  noteGroup(notes, group, { outcome: "imported", name });
}

interface Decided {
  readonly group: NameGroup;
  readonly arrival: NameArrival;
  readonly acceptedByChain: ReadonlySet<number>;
}

async function decideEach(
  into: NameImport,
  some: readonly Verified[],
  notes: OutcomeNotes,
): Promise<void> {
  const decided: Decided[] = [];
  for (const { group } of some) {
    const arrival = await verifyLines(group, { domain: into.domain, nowMs: into.nowMs() });
    if (isRefused(arrival)) {
      noteGroup(notes, group, { outcome: "refused", ...arrival });
      continue;
    }
    const asked = await askChains(into.contractWallets, arrival, arrival.ofContracts);
    if (isRefused(asked)) noteGroup(notes, group, { outcome: "refused", ...asked });
    else decided.push({ group, arrival, acceptedByChain: asked.accepted });
  }
  const arrived = await applyArrivals(into, decided);
  const isKnown = (result?: Arrived) =>
    result?.outcome === "imported" || result?.outcome === "unchanged";
  const known = decided.filter((_, index) => isKnown(arrived[index]));
  const marked = await into.store.addMarks(
    known.map(({ arrival }) => arrival),
    into.dryRun,
  );
  decided.forEach(({ group, arrival, acceptedByChain }, index) => {
    const result = arrived[index];
    if (result === undefined) return;
    const { name, node, ofContracts } = arrival;
    if (isKnown(result)) {
      notes.notAsked(ofContracts.filter((number) => !acceptedByChain.has(number)).length);
    }
    const isNew = result.outcome === "unchanged" && marked.has(toHex(node));
    noteGroup(notes, group, isNew ? { name, outcome: "imported" } : { name, ...result });
  });
}

/** Somebody froze the domain while its names were coming in. */
const FROZEN: Arrived = { outcome: "refused", reason: "its domain is frozen here" };

/** What comes of each, under the locks of all. */
async function applyArrivals(
  { domain, names, store, resolvers, nowMs, dryRun }: Omit<NameImport, "contractWallets">,
  arrivals: readonly Pick<Decided, "arrival" | "acceptedByChain">[],
): Promise<readonly Arrived[]> {
  const ends = arrivals.flatMap(({ arrival: { node, end } }) =>
    end ? [{ node, number: end.number }] : [],
  );
  const hashes = await store.hashesAt(ends);
  const results: Arrived[] = [];
  const targets = arrivals.map(({ arrival }) => targetOfArrival(arrival, domain));
  await names.changeNames(targets, (known, index) => {
    const one = arrivals[index];
    if (one === undefined) return null;
    const ourHashThere = hashes.get(toHex(one.arrival.node)) ?? null;
    const arriving = { ...one, domain, nowMs: nowMs(), ourHashThere, resolvers };
    const result = known.domain?.frozen ? FROZEN : decideArrival(known, arriving);
    results[index] = result;
    return result.outcome === "imported" && !dryRun ? result.change : null;
  });
  return results;
}

/** The name, and with it its entries. */
function noteGroup(
  notes: OutcomeNotes,
  { lines }: NameGroup,
  {
    name,
    ...arrived
  }: { readonly name: string; readonly reason?: string } & Pick<Arrived, "outcome">,
): void {
  const { outcome, reason } = arrived;
  notes.note("name", outcome);
  notes.note("entry", outcome, lines - 1);
  if (reason !== undefined) notes.remark({ kind: "name", name, outcome, reason });
}
