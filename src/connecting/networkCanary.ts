/** A canary that goes through the network, from the process that is connected to it. */
import {
  type CanaryPlan,
  type CanaryWatch,
  NO_CANARY,
  watchCanary,
} from "../health/canaryWatch.js";
import type { WhileActive } from "./whileActive.js";

/** @param plan null: none is sent */
export function networkCanary(
  plan: CanaryPlan | null,
  active: Pick<WhileActive, "isActive">,
  nowMs: () => number,
): CanaryWatch {
  if (plan === null) return NO_CANARY;
  // one that only waits knows nothing of the network, and the account of the canary is one
  const send: CanaryPlan["send"] = (signal) =>
    active.isActive() ? plan.send(signal) : Promise.resolve(null);
  return watchCanary({ send, everyMs: plan.everyMs, nowMs });
}
