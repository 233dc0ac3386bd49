/**
 * THE MAIN FLOW of a mirror: it follows while it has the lease. What fails is tried again, later each time; how long nothing
 * was heard stands in the database, for metrics, `doctor` and people.
 */
import { isSignpostError, SignpostError } from "../errors.js";
import { followOnce, type FollowParts, withGoneUnread } from "./followOnce.js";
import { keepLease, LEASE_MS, type LeaseParts } from "./keepLease.js";
import type { Mirror } from "./mirror.js";
import { takeFacts, type TakeFactsParts } from "./takeFacts.js";
import { takeNames } from "./takeNames.js";

/** Shorter than the lease with everything else. */
const WAIT_SEC = 2;
const FACTS_MS = 30_000;
/** Names that are gone: what is served from a data source changes their marks, and no feed tells of it. */
const GONE_MS = 6 * 60 * 60_000;
/** After an answer with nothing in it that says that there is more. */
const EMPTY_MS = 50;
/** With so many names that cannot be taken, nothing more is read until they are mended. */
const MOST_PROBLEMS = 10_000;
const TRIED_AGAIN_MS = 60_000;
const MOST_TRIED = 1_000;
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 30_000;

export interface MirrorParts
  extends FollowParts, Pick<TakeFactsParts, "domains">, Pick<LeaseParts, "rest" | "giveUp"> {
  /** A number from 0 to 1, by chance. */
  readonly chance: () => number;
}

/** Until it is over, or another process follows. Throws what is a defect. */
export async function followMirror(parts: MirrorParts): Promise<void> {
  const { store, lease } = parts;
  if ((await store.take(lease, LEASE_MS, false)) === null) return;
  try {
    await keepLease(parts, () => follow(parts));
  } finally {
    await store.letGo(lease);
  }
}

async function follow(parts: MirrorParts): Promise<void> {
  const { store, lease } = parts;
  let [isThere, factsAtMs, failures] = [false, -Infinity, 0];
  let goneAtMs = parts.nowMs();
  while (!parts.isOver()) {
    try {
      const mirror = await store.take(lease, LEASE_MS, false);
      if (mirror === null) return;
      // what the rules of names ask of the domain comes before its names
      if (parts.nowMs() - factsAtMs >= FACTS_MS) {
        if (!(await takeFacts(parts, mirror))) return;
        factsAtMs = parts.nowMs();
      }
      if (mirror.problems >= MOST_PROBLEMS) {
        const due = await store.problemsDue(lease.domain, TRIED_AGAIN_MS, MOST_TRIED);
        if (!(await takeNames(parts, due, null))) return;
        throw tooManyProblems(mirror);
      }
      const isGoneDue = isThere && parts.nowMs() - goneAtMs >= GONE_MS;
      if (isGoneDue) goneAtMs = parts.nowMs();
      const from = isGoneDue ? withGoneUnread(mirror) : mirror;
      const followed = await followOnce(parts, from, isThere && !isGoneDue ? WAIT_SEC : 0);
      if (followed === "lost") return;
      isThere = followed === "there";
      if (followed === "empty") await parts.rest(EMPTY_MS);
      failures = 0;
    } catch (error) {
      if (!isSignpostError(error)) throw error;
      // a question that was ended is no failure
      if (parts.isOver()) return;
      isThere = false;
      await tell(parts, error);
      await parts.rest(pauseMs(failures++, parts.chance()));
    }
  }
}

async function tell({ store, lease }: MirrorParts, error: Error): Promise<void> {
  // of our own database, the readiness tells
  if (isSignpostError(error, "DATABASE_UNAVAILABLE")) return;
  await store.noteFailure(lease, error.message).catch((second: unknown) => {
    if (!isSignpostError(second)) throw second;
  });
}

/** Doubles, and differs by half, so that many mirrors do not come back together. */
function pauseMs(failures: number, chance: number): number {
  const longest = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(failures, 10));
  return longest * (0.5 + chance / 2);
}

function tooManyProblems({ domain, problems }: Mirror): SignpostError {
  return new SignpostError(
    "MIRROR_NOT_READY",
    `At least ${problems} names of ${domain} cannot be taken over, and no more is read before that is mended. \`signpost mirror show ${domain}\` says why.`,
    { domain },
  );
}
