/** A mirror for people, and for programs. */
import { behindSec } from "../../../../mirror/domainStanding.js";
import type { Mirror, MirrorProblem } from "../../../../mirror/mirror.js";

/** @param nowMs by the clock of this machine, which may differ from the database's by a little */
export function describeMirror(mirror: Mirror, nowMs: number) {
  const { domain, primary, copiedAtMs, heardAtMs, failures, failure, problems } = mirror;
  const { promotingTo, isPromoting } = mirror;
  return {
    ...{ domain, primary: primary.url, isCopied: copiedAtMs !== null },
    behindSec: behindSec(mirror, nowMs),
    lastHeard: heardAtMs === null ? null : new Date(heardAtMs).toISOString(),
    ...{ failures, failure, namesNotTaken: problems, promotingTo, isPromoting },
  };
}

export function lineOfMirror(mirror: Mirror, nowMs: number): string {
  const { domain, primary, failures } = mirror;
  const failing = failures === 0 ? "" : `  fails (${failures} times)`;
  return `${domain}  from ${primary.url}  ${behindText(mirror, nowMs)}${failing}`;
}

export function linesOfMirror(
  mirror: Mirror,
  problems: readonly MirrorProblem[],
  nowMs: number,
): readonly string[] {
  const { failure, failures, facts, problems: count } = mirror;
  const more = count - problems.length;
  return [
    lineOfMirror(mirror, nowMs),
    ...(failure === null ? [] : [`  failed ${failures} times, the last time: ${failure}`]),
    ...promotionLines(mirror),
    ...facts.notes.map((note) => `  ${note}`),
    ...(count === 0 ? [] : [`  ${count} names are not here as the primary has them:`]),
    ...problems.map(
      ({ name, node, outcome, reason }) => `    ${name ?? node}  ${outcome}: ${reason}`,
    ),
    ...(more > 0 ? [`    and ${more} more`] : []),
  ];
}

/** Whoever unfreezes the primary while it is under way has two primaries. */
function promotionLines({ domain, promotingTo, isPromoting }: Mirror): readonly string[] {
  if (promotingTo === null) return [];
  if (isPromoting) {
    return [
      "  a promotion is under way: wait for its end, and change nothing at the primary meanwhile",
    ];
  }
  return [
    `  a promotion was begun and has not ended, so its primary may be frozen: run \`signpost mirror promote ${domain} --to ${promotingTo}\` again with the same options, or \`signpost domain unfreeze ${domain}\` at the primary`,
  ];
}

export function behindText(mirror: Mirror, nowMs: number): string {
  const behind = behindSec(mirror, nowMs);
  if (behind === null) return mirror.heardAtMs === null ? "nothing heard yet" : "copying";
  return `${behind} seconds behind at most`;
}
