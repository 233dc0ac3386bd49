/** The canary of a watch, where one is wanted. Its parts, and those of a messenger, are loaded only then. */
import { setTimeout as delay } from "node:timers/promises";
import { isSignpostError } from "../../../errors.js";
import type { Fetcher } from "../../../fetch/fetcher.js";
import { toSignpostError } from "../../../http/shownError.js";
import type { Canary } from "../../../nodes/checkNode.js";
import type { RegistryStores } from "../../../registry/store.js";
import type { Parts } from "../../../service/capability.js";
import type { CanaryAccount, CanaryConfig } from "./canaryAccount.js";

interface CanaryParts extends Pick<Parts, "nowMs" | "reportFailure"> {
  readonly registry: RegistryStores;
  readonly fetcher: Fetcher;
}

/** Between two looks into a mailbox for the message. */
const LOOK_MS = 1_000;

/**
 * To be called before each round. The profile is published each time, so that a name which was taken away does not make all nodes look
 * bad; where that fails, no canary is sent, and the operator is told once.
 */
export function openCanary(
  { registry, fetcher, nowMs, reportFailure }: CanaryParts,
  config: CanaryConfig | null,
): () => Promise<Canary | null> {
  let account: CanaryAccount | null = null;
  let told: string | null = null;
  const rest = () => delay(LOOK_MS, undefined, { ref: false });

  return async () => {
    if (config === null) return null;
    const [{ canaryAccount, publishCanary }, { canaryThrough }] = await Promise.all([
      import("./canaryAccount.js"),
      import("./throughNode.js"),
    ]);
    try {
      const sender = (account ??= await canaryAccount(config));
      await publishCanary(registry, sender, nowMs);
      told = null;
      return (node) => canaryThrough(sender, node, { fetcher, nowMs, rest });
    } catch (error) {
      if (isSignpostError(error, "DATABASE_UNAVAILABLE")) return null;
      const failure = toSignpostError(error);
      if (failure.message !== told) reportFailure(failure);
      told = failure.message;
      return null;
    }
  };
}
