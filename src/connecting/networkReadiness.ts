/** Whether a gateway or bridge can carry messages. */
import type { Pool } from "../db/pool.js";
import type { CanaryWatch } from "../health/canaryWatch.js";
import { durabilityReasons } from "../health/durableDatabase.js";
import type { Readiness } from "../http/readiness.js";
import type { RegistryWatch } from "./registryWatch.js";
import type { WhileActive } from "./whileActive.js";

export interface ReadinessParts {
  readonly pool: Pool;
  /** At the beginning of a sentence: "The XMPP gateway". */
  readonly who: string;
  readonly active: Pick<WhileActive, "isActive">;
  readonly network: { readonly isConnected: () => boolean };
  readonly canary: Pick<CanaryWatch, "warnings">;
  readonly registry: Pick<RegistryWatch, "warnings">;
  /** What is wrong without a connection, and what to look for. */
  readonly notConnected: string;
}

export function networkReadiness({
  pool,
  who,
  active,
  network,
  canary,
  registry,
  notConnected,
}: ReadinessParts): Readiness {
  return async () => ({
    reasons: await durabilityReasons(pool, who),
    // the relay node beside it takes messages all the same, and they wait
    warnings: [
      ...(active.isActive() && !network.isConnected() ? [notConnected] : []),
      ...canary.warnings(),
      ...registry.warnings(),
    ],
  });
}
