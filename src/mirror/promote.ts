/**
 * A mirror becomes the primary. First the old one is fenced: from then on it changes nothing, so what it has then is all that
 * it will ever have. Then the rest comes, and only then this installation takes changes. Done again, it goes on.
 */
import { isSignpostError } from "../errors.js";
import { type Promoted, type Run, whatBecameOf } from "./cutOff.js";
import { followOnce, type FollowParts, withGoneUnread } from "./followOnce.js";
import { assertStillFrozen, freezePrimary } from "./freezePrimary.js";
import { LEASE_MS } from "./keepLease.js";
import type { Mirror } from "./mirror.js";
import { noMirror } from "./noMirror.js";
import { lost, notReady } from "./notPromoted.js";
import { takeFacts, type TakeFactsParts } from "./takeFacts.js";

/** Longer than any pass over what changed in a moment; a mirror that is further behind is not promoted. */
const MOST_STEPS = 10_000;

type PromotionParts = FollowParts & Pick<TakeFactsParts, "domains">;

export interface Promotion {
  /** The URL of this installation's service: the old primary sends writers there. Null: the old one is gone, and not asked. */
  readonly to: string | null;
  /** Also where names are not here as the primary has them. */
  readonly leavesBehind: boolean;
}

/**
 * The domain is changed here when it returns. Throws PROMOTION_CUT_OFF from when the primary may be frozen, also where it cannot
 * tell whether the domain is changed here; before that MIRROR_NOT_READY, NOT_FOUND, and what `Primary` throws.
 */
export async function promoteMirror(
  parts: PromotionParts,
  promotion: Promotion,
): Promise<Promoted> {
  const { to } = promotion;
  // whoever follows writes nothing more
  const mirror = await taken(parts);
  // an earlier run may have frozen the primary
  const frozenThere = to !== null && mirror.promotingTo !== null ? "maybe" : "no";
  const run: Run = { mirror, to, frozenThere, isLastWriteOpen: false };
  try {
    return { mirror: await promoteIn(run, parts, promotion), isByAnother: false };
  } catch (error) {
    if (!isSignpostError(error)) throw error;
    return whatBecameOf(parts, run, error);
  }
}

async function promoteIn(
  run: Run,
  parts: PromotionParts,
  { to, leavesBehind }: Promotion,
): Promise<Mirror> {
  const { mirror } = run;
  if (to === null) {
    if (mirror.copiedAtMs === null && !leavesBehind) {
      throw notReady(
        mirror.domain,
        "it was never copied as a whole. To go on with the part that is here, give --leave-behind",
      );
    }
    return end(run, parts, mirror);
  }
  assertWhole(mirror, leavesBehind);
  // nothing is frozen for one that does not answer
  await parts.primary.domain();
  await freezePrimary(run, parts, to);
  const last = await followToTheEnd(parts);
  assertWhole(last, leavesBehind);
  await assertStillFrozen(run, parts);
  return end(run, parts, last);
}

async function end(run: Run, { store, lease }: FollowParts, mirror: Mirror): Promise<Mirror> {
  run.isLastWriteOpen = true;
  const isDone = await store.promote(lease);
  run.isLastWriteOpen = false;
  if (isDone) return mirror;
  throw lost(lease.domain);
}

async function followToTheEnd(parts: PromotionParts): Promise<Mirror> {
  if (!(await takeFacts(parts, await taken(parts)))) throw lost(parts.lease.domain);
  let isFirst = true;
  for (let step = 0; step < MOST_STEPS; step++) {
    const mirror = await taken(parts);
    const followed = await followOnce(parts, isFirst ? withGoneUnread(mirror) : mirror, 0);
    isFirst = false;
    if (followed === "lost") throw lost(parts.lease.domain);
    if (followed === "there") return taken(parts);
  }
  throw notReady(parts.lease.domain, "it is too far behind. Let it follow first, and try again");
}

async function taken({ store, lease }: Pick<FollowParts, "store" | "lease">): Promise<Mirror> {
  const mirror = await store.take(lease, LEASE_MS, true);
  if (mirror !== null) return mirror;
  throw await noMirror(store, lease.domain);
}

function assertWhole({ domain, copiedAtMs, problems }: Mirror, leavesBehind: boolean): void {
  if (leavesBehind) return;
  if (copiedAtMs === null) {
    throw notReady(domain, "it is not copied yet; `signpost mirror show` says how far it is");
  }
  if (problems > 0) {
    throw notReady(
      domain,
      `${problems} names are not here as the primary has them; \`signpost mirror show ${domain}\` says why. To leave them behind, give --leave-behind`,
    );
  }
}
