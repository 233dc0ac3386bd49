/** The fence that a promotion sets around the old primary: asked for, and asked after. */
import { isSignpostError } from "../errors.js";
import { type Run, unlessRefused } from "./cutOff.js";
import type { MirrorLease, MirrorStore } from "./mirrorStore.js";
import { lost, notReady } from "./notPromoted.js";
import type { Primary } from "./primary.js";

/** By these the primary says that it did not freeze. */
const REFUSALS = ["UNAUTHORIZED", "FORBIDDEN", "INVALID_REQUEST", "LIMIT_EXCEEDED"] as const;

interface FenceParts {
  readonly lease: MirrorLease;
  readonly primary: Pick<Primary, "freeze" | "isFrozenFor">;
  readonly store: Pick<MirrorStore, "notePromotion">;
}

export async function freezePrimary(run: Run, parts: FenceParts, to: string): Promise<void> {
  const { store, lease, primary } = parts;
  if (!(await store.notePromotion(lease, to))) throw lost(lease.domain);
  try {
    await primary.freeze({ to, by: run.mirror.promoter });
    run.frozenThere = "yes";
  } catch (error) {
    // by an earlier run it may be frozen, whatever is refused now
    const isRefused = isSignpostError(error, ...REFUSALS) && run.frozenThere === "no";
    if (isRefused || isSignpostError(error, "DOMAIN_FROZEN")) await forget(run, parts);
    else run.frozenThere = "maybe";
    throw error;
  }
}

/** Minutes may be over since it was frozen. A primary that does not say is frozen as far as anybody knows. */
export async function assertStillFrozen(run: Run, parts: FenceParts): Promise<void> {
  const { domain, promoter } = run.mirror;
  try {
    if (await parts.primary.isFrozenFor(promoter)) return;
  } catch (error) {
    unlessRefused(error);
    return;
  }
  await forget(run, parts);
  throw notReady(
    domain,
    "it is not frozen for this mirror at its old primary any more. Somebody unfroze it there, or froze it for another one: see who changes it, and promote again if that is right",
  );
}

/** The primary is certainly not frozen for this mirror. A note that stays says only that it may be. */
async function forget(run: Run, { store, lease }: FenceParts): Promise<void> {
  run.frozenThere = "no";
  await store.notePromotion(lease, null).catch(unlessRefused);
}
