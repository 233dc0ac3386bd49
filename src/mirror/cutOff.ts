/**
 * What became of a promotion that failed: it may be done all the same. Whoever is told to unfreeze the old primary then makes two
 * primaries, so that is said only where the domain is certainly not changed here.
 */
import { isSignpostError, SignpostError } from "../errors.js";
import { LEASE_MS } from "./keepLease.js";
import type { Mirror } from "./mirror.js";
import type { MirrorLease, MirrorStore } from "./mirrorStore.js";

/** One run of a promotion, and how far it came. */
export interface Run {
  readonly mirror: Mirror;
  /** As `Promotion.to`. */
  readonly to: string | null;
  /** Whether the primary is frozen for this mirror. */
  frozenThere: "yes" | "maybe" | "no";
  /** Whether its last write was sent, and not answered. */
  isLastWriteOpen: boolean;
}

export interface Promoted {
  /** As it was last followed, as far as this run knows. */
  readonly mirror: Mirror;
  /** Another run of the promotion came to its end first. */
  readonly isByAnother: boolean;
}

interface CutOffParts {
  readonly lease: MirrorLease;
  readonly store: Pick<MirrorStore, "renew" | "mirrorOf" | "isChangedHere" | "letGo">;
}

/** Throws PROMOTION_CUT_OFF, NOT_FOUND where the mirror was removed meanwhile, or `error` itself where nothing is frozen. */
export async function whatBecameOf(
  { store, lease }: CutOffParts,
  run: Run,
  error: SignpostError,
): Promise<Promoted> {
  const { mirror, frozenThere, isLastWriteOpen } = run;
  switch (await stateHere(store, lease)) {
    case "promoted":
      return { mirror, isByAnother: !isLastWriteOpen };
    case "removed":
      throw removed(run, error);
    case "ours":
      // from now on nothing is under way
      await store.letGo(lease).catch(unlessRefused);
      throw frozenThere === "no" ? error : cutOff(run, error, notPromoted(run, error));
    case "another's":
      throw frozenThere === "no" ? error : cutOff(run, error, takenOver(run, error));
    case "unknown":
      throw frozenThere === "no" && !isLastWriteOpen
        ? error
        : cutOff(run, error, notKnown(run, error));
  }
}

async function stateHere(
  store: CutOffParts["store"],
  lease: MirrorLease,
): Promise<"promoted" | "removed" | "ours" | "another's" | "unknown"> {
  try {
    // a write waits for one that is not decided yet, as a read would not
    if (await store.renew(lease, LEASE_MS)) return "ours";
    if ((await store.mirrorOf(lease.domain)) !== null) return "another's";
    return (await store.isChangedHere(lease.domain)) ? "promoted" : "removed";
  } catch (error) {
    unlessRefused(error);
    return "unknown";
  }
}

/** Passes over what the database or the primary refused; throws a defect. */
export function unlessRefused(error: unknown): void {
  if (!isSignpostError(error)) throw error;
}

function notPromoted({ mirror, to, frozenThere }: Run, error: SignpostError): string {
  const { domain, primary } = mirror;
  const where =
    frozenThere === "yes"
      ? `${domain} is frozen at its old primary ${primary.url}, and is still frozen here, so nobody changes it.`
      : `${domain} may be frozen at its old primary ${primary.url}, and is still frozen here.`;
  const gone = isSignpostError(error, "UNREACHABLE")
    ? " Where the old primary is gone for good, and cannot come back and be changed, give --primary-is-gone in place of --to: what it had and this mirror has not is lost then."
    : "";
  const again = `\`signpost mirror promote ${domain}${to === null ? "" : ` --to ${to}`}\``;
  return `${where} ${error.message} To go on, run ${again} again, with the same options. To go back, run \`signpost domain unfreeze ${domain}\` at the old primary.${gone}`;
}

function takenOver({ mirror: { domain } }: Run, error: SignpostError): string {
  return `Another process took over the mirror of ${domain} meanwhile, and may promote it. ${error.message} ${askFirst(domain)}`;
}

function notKnown({ mirror: { domain } }: Run, error: SignpostError): string {
  return `${domain} may be changed here already: whether it is, this installation's database did not say. ${error.message} ${askFirst(domain)}`;
}

function askFirst(domain: string): string {
  return `Change nothing at the old primary before \`signpost mirror show ${domain}\` says here how far it is.`;
}

function cutOff({ mirror, to, frozenThere }: Run, error: SignpostError, sentence: string) {
  const { domain, primary } = mirror;
  return new SignpostError(
    "PROMOTION_CUT_OFF",
    sentence,
    { domain, primary: primary.url, to, frozenThere, because: error.code },
    { cause: error },
  );
}

function removed({ mirror, frozenThere }: Run, cause: SignpostError): SignpostError {
  const { domain, primary } = mirror;
  const there =
    frozenThere === "no"
      ? ""
      : ` It may be frozen at ${primary.url} as well: see who changes it (\`signpost doctor ${domain}\`) before you unfreeze it anywhere.`;
  return new SignpostError(
    "NOT_FOUND",
    `${domain} is no mirror here any more, and frozen: it was removed meanwhile.${there}`,
    { name: domain },
    { cause },
  );
}
