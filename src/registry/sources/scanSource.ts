/**
 * One scan of a source: which names it has, and which of its rows are one name. It reads page by page, in the order of the source's
 * own index, and takes its time.
 *
 * Deletion needs two looks: a name is on the list until two scans in a row did not see it, and a scan that fails, or sees nothing, is no
 * look. When more than a tenth of the list, or `MOST_DROPPED`, would go at once, nothing goes until the operator says so. What a lookup
 * answers depends on the row alone, and not on this list.
 */
import { namehash } from "../../ens/namehash.js";
import { normalizeName } from "../../ens/normalize.js";
import { assertNormalName } from "../../ens/normalName.js";
import { isSignpostError, SignpostError } from "../../errors.js";
import type { Pause } from "../changes/clock.js";
import { sharedDm3Form } from "../names/dm3Form.js";
import type { ListedLabel, ListedSource } from "./source.js";
import { sourceProblem } from "./sourceProblem.js";
import type { ScannedName, ScanStore, SourceProblems, StoredSource } from "./sourceStore.js";

const PAGE = 1000;
/** Ten million labels take about ten minutes; behind them nothing is looked at, and the operator is told. */
const MOST_PAGES = 10_000;
const MOST_DROPPED = 100;
const MOST_SHARE_DROPPED = 0.1;
const MOST_TWINS_TOLD = 1000;
/** Of a page. */
const MOST_REFUSED_TOLD = 10;

export interface ScanReport {
  readonly scan: number;
  readonly labels: number;
  /** Labels that are no ENS name. */
  readonly unusable: number;
  /** Names that several rows are. */
  readonly twins: readonly string[];
  /** Whether the source has more labels than are looked at. */
  readonly isCutOff: boolean;
  /** How many names are on the list now. */
  readonly listed: number;
  /** Names that two scans did not see: how many went off the list, and how many wait for the operator's word. */
  readonly dropped: number;
  readonly waiting: number;
}

export interface ScanParts {
  readonly scans: ScanStore;
  readonly problems: Pick<SourceProblems, "note">;
  /** Awaited between names and pages, so that a scan holds up nobody. */
  readonly pause: Pause;
  /** Whether the operator wants all names off the list that are gone. */
  readonly isSureOfDrops: boolean;
}

/**
 * Null where another scan is under way, or began within `notWithinMs`.
 * @throws SOURCE_UNAVAILABLE and DATABASE_UNAVAILABLE; then the scan did not come to its end, and was no look
 */
export async function scanSource(
  source: StoredSource,
  rows: Pick<ListedSource, "labelsAfter">,
  parts: ScanParts,
  notWithinMs = 0,
): Promise<ScanReport | null> {
  const scan = await parts.scans.begin(source.id, notWithinMs);
  if (scan === null) return null;
  try {
    const read = await readAll(source, scan, rows, parts);
    const isLook = read.labels > 0 && !read.isCutOff;
    const twins = await parts.scans.end(source.id, scan, isLook, MOST_TWINS_TOLD);
    for (const name of twins) await parts.problems.note(source.id, name, twinsProblem(name));
    return { scan, ...read, twins, ...(await dropGone(source, isLook, parts)) };
  } catch (error) {
    await parts.scans.giveUp(source.id, scan).catch(() => undefined);
    throw error;
  }
}

async function readAll(
  { id, domain }: StoredSource,
  scan: number,
  rows: Pick<ListedSource, "labelsAfter">,
  { scans, problems, pause }: ScanParts,
) {
  let labels = 0;
  let unusable = 0;
  let after: string | null = null;
  for (let pages = 0; pages < MOST_PAGES; pages++) {
    const page: readonly ListedLabel[] = await rows.labelsAfter(after, PAGE);
    const { names, refused } = await namesOf(page, domain, pause);
    await scans.note(id, scan, names);
    for (const { label, detail } of refused.slice(0, MOST_REFUSED_TOLD)) {
      await problems.note(id, label, sourceProblem("label", detail));
    }
    labels += page.length;
    unusable += refused.length;
    after = page.at(-1)?.label ?? null;
    if (page.length < PAGE || after === null) return { labels, unusable, isCutOff: false };
    await pause();
  }
  return { labels, unusable, isCutOff: true };
}

async function dropGone(
  { id, round }: StoredSource,
  isLook: boolean,
  { scans, isSureOfDrops }: ScanParts,
) {
  // neither by this scan nor by the last one that was a look
  const { listed, gone } = await scans.counts(id, round);
  const isModest = gone <= MOST_DROPPED && gone <= listed * MOST_SHARE_DROPPED;
  const isDropped = isLook && gone > 0 && (isModest || isSureOfDrops);
  if (isDropped) await scans.drop(id, round);
  const dropped = isDropped ? gone : 0;
  return { listed: listed - dropped, dropped, waiting: gone - dropped };
}

function twinsProblem(name: string) {
  return sourceProblem("twins", `Several rows are ${name}, so that none counts; keep one.`);
}

/** The names of a page, each once, with how many labels are this name. */
async function namesOf(page: readonly ListedLabel[], domain: string, pause: Pause) {
  const names = new Map<string, ScannedName>();
  const refused: { readonly label: string; readonly detail: string }[] = [];
  for (const { label, isRepeated } of page) {
    await pause();
    try {
      const name = nameOfLabel(label, domain);
      const sofar = names.get(name)?.labels ?? 0;
      names.set(name, {
        ...{ name, node: namehash(name), sharedForm: sharedDm3Form(name) },
        labels: sofar + (isRepeated ? 2 : 1),
      });
    } catch (error) {
      if (!isSignpostError(error, "INVALID_NAME")) throw error;
      refused.push({ label, detail: error.message });
    }
  }
  return { names: [...names.values()], refused };
}

/** Throws INVALID_NAME for what is no single label of an ENS name. */
function nameOfLabel(label: string, domain: string): string {
  const normal = normalizeName(label);
  if (normal.includes(".")) {
    throw new SignpostError(
      "INVALID_NAME",
      "The label has a dot; names right below the domain are all that a source can have.",
    );
  }
  assertNormalName(`${normal}.${domain}`);
  return `${normal}.${domain}`;
}
