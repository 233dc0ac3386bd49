/**
 * A mirror becomes the primary. First the old one is fenced: from then on it changes nothing, so what it has then is all that
 * it will ever have. Then the rest comes, and only then this installation takes changes. Done again, it goes on.
 */
import { isSignpostError, SignpostError } from "../errors.js";
import { cutOff } from "./cutOff.js";
import { followOnce, type FollowParts, withGoneUnread } from "./followOnce.js";
import { LEASE_MS } from "./keepLease.js";
import type { Mirror } from "./mirror.js";
import { takeFacts, type TakeFactsParts } from "./takeFacts.js";

/** Longer than any pass over what changed in a moment; a mirror that is further behind is not promoted. */
const MOST_STEPS = 10_000;

/** By these the primary says that it did not freeze. */
const REFUSALS = ["UNAUTHORIZED", "FORBIDDEN", "INVALID_REQUEST", "LIMIT_EXCEEDED"] as const;

export interface Promotion {
  /** The URL of this installation's service: the old primary sends writers there. Null: the old one is gone, and not asked. */
  readonly to: string | null;
  /** Also where names are not here as the primary has them. */
  readonly leavesBehind: boolean;
}

/**
 * As it was last followed. The domain is changed here when it returns, and otherwise not. Throws PROMOTION_CUT_OFF from when the
 * primary may be frozen; before that MIRROR_NOT_READY, NOT_FOUND, and what `Primary` throws.
 */
export async function promoteMirror(
  parts: FollowParts & Pick<TakeFactsParts, "domains">,
  { to, leavesBehind }: Promotion,
): Promise<Mirror> {
  const { store, lease, primary } = parts;
  const { domain } = lease;
  // whoever follows writes nothing more
  let mirror = await taken(parts);
  if (to !== null) {
    // an earlier run may have frozen the primary
    const isTried = mirror.promotingTo !== null;
    await cutOff(isTried ? "maybe" : "no", { mirror, to }, async () => {
      assertWhole(mirror, leavesBehind);
      // nothing is frozen for one that does not answer
      await primary.domain();
    });
    await freeze(parts, mirror, to);
    return cutOff("yes", { mirror, to }, async () => {
      mirror = await followToTheEnd(parts);
      assertWhole(mirror, leavesBehind);
      if (!(await store.promote(lease))) throw lost(domain);
      return mirror;
    });
  }
  if (mirror.copiedAtMs === null && !leavesBehind) {
    throw notReady(
      domain,
      "it was never copied as a whole. To go on with the part that is here, give --leave-behind",
    );
  }
  if (!(await store.promote(lease))) throw lost(domain);
  return mirror;
}

async function freeze({ store, lease, primary }: FollowParts, mirror: Mirror, to: string) {
  const { promotingTo, promoter: by } = mirror;
  if (!(await store.notePromotion(lease, to))) throw lost(lease.domain);
  try {
    await primary.freeze({ to, by });
  } catch (error) {
    const isAnothers = isSignpostError(error, "DOMAIN_FROZEN");
    const isRefused = isSignpostError(error, ...REFUSALS);
    // by an earlier run it may be frozen all the same
    if (isAnothers || (isRefused && promotingTo === null)) {
      await store.notePromotion(lease, null);
      throw error;
    }
    await cutOff("maybe", { mirror, to }, () => {
      throw error;
    });
  }
}

async function followToTheEnd(
  parts: FollowParts & Pick<TakeFactsParts, "domains">,
): Promise<Mirror> {
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
  const { domain } = lease;
  throw new SignpostError(
    "NOT_FOUND",
    `${domain} is no mirror here; see \`signpost mirror list\`.`,
    {
      name: domain,
    },
  );
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

function notReady(domain: string, reason: string): SignpostError {
  return new SignpostError("MIRROR_NOT_READY", `${domain} was not promoted: ${reason}.`, {
    domain,
  });
}

function lost(domain: string): SignpostError {
  return notReady(domain, "another process has begun to follow it. Run the command again");
}
