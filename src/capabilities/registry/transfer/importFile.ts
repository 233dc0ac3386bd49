/** An export from a file into this installation: looked at as a whole, then its domain, then its names, part by part. */
import { sameBytes } from "../../../abi/bytes.js";
import { toHex } from "../../../abi/hex.js";
import type { ContractWallets } from "../../../registry/signed/contractWallets.js";
import type { RegistryStores } from "../../../registry/store.js";
import { resolverKey } from "../../../transfer/arrive/decideArrival.js";
import {
  type OutcomeNotes,
  outcomeNotes,
  type Outcomes,
} from "../../../transfer/arrive/outcomes.js";
import { domainLinesOf } from "../../../transfer/domain/domainLines.js";
import type { ExportLine } from "../../../transfer/form/exportLine.js";
import type { NameGroup } from "../../../transfer/form/nameGroups.js";
import { isBehind } from "../../../transfer/form/nameOrder.js";
import { malformed } from "../../../transfer/form/readLine.js";
import { importDomain } from "../../../transfer/importDomain.js";
import { importNames, type NameImport } from "../../../transfer/importNames.js";
import type { ImportProgress, ImportStore } from "../../../transfer/importPort.js";
import { chunksOf, type Parts, partsOf } from "./exportFile.js";
import type { VerifyResults } from "./verifyChunk.js";
import { openVerifier, type Verifier } from "./verifyThreads.js";
import { type WholeExport, wholeExport } from "./wholeExport.js";

export interface FileImport {
  readonly registry: RegistryStores;
  readonly store: ImportStore;
  readonly contractWallets: ContractWallets | null;
  readonly newApiKey: string;
  readonly resume: boolean;
  readonly dryRun: boolean;
  /** Told once, when the domain was made: its key is known to nobody yet. */
  readonly onNewDomain: (domain: string) => void;
  readonly onNames: (count: number) => void;
}

export interface FileImported {
  readonly domain: string;
  readonly outcomes: Outcomes;
  /** Whether its lines are as many as its end line says, of each kind. */
  readonly areCountsRight: boolean;
  /** Names that an earlier import of the same export had dealt with. */
  readonly resumedNames: number;
}

/** Throws EXPORT_MALFORMED, EXPORT_CUT_OFF, INVALID_REQUEST, and what `importDomain` throws. */
export async function importFile(file: string, into: FileImport): Promise<FileImported> {
  const whole = await wholeExport(file);
  const { domain } = whole;
  const begun = into.resume ? await begunImport(into, whole) : null;
  const notes = outcomeNotes(begun?.outcomes as Outcomes | undefined);
  const resumedNames = notes.outcomes().lines["name"] ?? 0;
  const parts = partsOf(file, begun);
  const first = begun === null ? await importHead(into, whole, parts, notes) : null;
  const verifier = await openVerifier(whole.bytes);
  try {
    const names = await openNames(await imagined(into, domain), domain);
    await importParts({ into, names, whole, verifier, notes, first }, parts);
  } finally {
    await verifier.close();
  }
  if (!into.dryRun) await into.store.noteProgress(domain, null);
  const outcomes = notes.outcomes();
  const areCountsRight = isSame(outcomes.lines, whole.counts);
  return { domain, outcomes, areCountsRight, resumedNames };
}

async function begunImport({ store }: FileImport, { domain, sha256 }: WholeExport) {
  const progress = await store.progressOf(domain);
  return progress !== null && sameBytes(progress.sha256, sha256) ? progress : null;
}

/** The lines of the domain; gives back the first name, or null where there is none. */
async function importHead(
  into: FileImport,
  { domain }: WholeExport,
  parts: Parts,
  notes: OutcomeNotes,
): Promise<NameGroup | null> {
  const lines: { readonly line: ExportLine; readonly number: number }[] = [];
  let first: NameGroup | null = null;
  let number = 2;
  for (;;) {
    const { value, done } = await parts.next();
    if (done === true) break;
    if (value.kind === "name") {
      first = value.group;
      break;
    }
    if (value.line.kind === "end") break;
    lines.push({ line: value.line, number: number++ });
  }
  const found = domainLinesOf(domain, lines);
  await importDomain(into, found, notes);
  return first;
}

/** Where nothing is written, the domain may not be there: then no name of it is in the way. */
async function imagined(into: FileImport, domain: string): Promise<FileImport> {
  const { registry, store, dryRun } = into;
  if (!dryRun || (await registry.domains.domains()).some(({ name }) => name === domain))
    return into;
  const addNew: ImportStore["addNew"] = (_, names) => Promise.resolve(names.map(() => true));
  return { ...into, store: { ...store, addNew } };
}

async function openNames(into: FileImport, domain: string): Promise<NameImport> {
  const { registry, store, contractWallets, dryRun } = into;
  const resolvers = await registry.domains.resolversOf(domain);
  return {
    ...{ domain, store, contractWallets, dryRun },
    names: registry.names,
    resolvers: new Set(
      resolvers.map(({ chainId, resolver }) => resolverKey(chainId.toString(), toHex(resolver))),
    ),
    nowMs: Date.now,
  };
}

interface Course {
  readonly into: FileImport;
  readonly names: NameImport;
  readonly whole: WholeExport;
  readonly verifier: Verifier;
  readonly notes: OutcomeNotes;
  readonly first: NameGroup | null;
}

interface Chunk {
  readonly groups: readonly NameGroup[];
  readonly results: Promise<VerifyResults>;
}

/** While one part is written, the next ones are verified: no thread waits for the database. */
const AHEAD = 2;

async function importParts(course: Course, parts: Parts): Promise<void> {
  const { into, names, whole, verifier, notes, first } = course;
  const context = { domain: whole.domain, nowMs: Date.now() };
  const waiting: Chunk[] = [];
  let last = "";
  const finish = async ({ groups, results }: Chunk) => {
    const verified = await results;
    last = assertOrder(groups, verified, last);
    await importNames(names, groups, verified, notes, (now) => progressBehind(course, groups, now));
    into.onNames(notes.outcomes().lines["name"] ?? 0);
  };
  for await (const groups of chunksOf(first, parts)) {
    const results = verifier.verify({ groups, context });
    // a failure is told when its turn comes
    results.catch(() => undefined);
    waiting.push({ groups, results });
    const next = waiting.length > AHEAD ? waiting.shift() : undefined;
    if (next) await finish(next);
  }
  for (const chunk of waiting) await finish(chunk);
}

function assertOrder(
  groups: readonly NameGroup[],
  verified: VerifyResults,
  before: string,
): string {
  let last = before;
  verified.forEach(({ name }, index) => {
    if (last !== "" && !isBehind(name, last)) {
      throw malformed(
        groups[index]?.line ?? null,
        "the names are not in their order, or one stands twice.",
      );
    }
    last = name;
  });
  return last;
}

function progressBehind(
  { whole }: Course,
  groups: readonly NameGroup[],
  notes: OutcomeNotes,
): ImportProgress {
  const last = groups.at(-1);
  return {
    sha256: whole.sha256,
    byteOffset: last?.end ?? 0,
    line: last === undefined ? 1 : last.line + last.lines,
    outcomes: notes.outcomes(),
  };
}

/** The end line counts the lines before it. */
function isSame(a: Readonly<Record<string, number>>, b: Readonly<Record<string, number>>): boolean {
  const kinds = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...kinds].every((kind) => (a[kind] ?? 0) === (b[kind] ?? 0));
}
