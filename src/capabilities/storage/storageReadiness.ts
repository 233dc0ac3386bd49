/** Whether the storage can work. */
import type { Pool } from "../../db/pool.js";
import { durabilityReasons } from "../../health/durableDatabase.js";
import type { Readiness } from "../../http/readiness.js";

interface ReadinessParts {
  readonly pool: Pool;
  readonly url: string | null;
  readonly knowsEns: boolean;
}

export function storageReadiness({ pool, url, knowsEns }: ReadinessParts): Readiness {
  return async () => ({
    reasons: [...(await durabilityReasons(pool, "The storage")), ...(knowsEns ? [] : [NO_ENS])],
    warnings: url === null ? [NO_URL] : [],
  });
}

const NO_ENS =
  "The storage cannot find out who users are: CHAIN_RPC_URLS names no RPC node of the chain of RELAY_ENS_CHAIN.";
const NO_URL =
  "The storage does not know where clients reach it, so its challenges do not say whose they are: set STORAGE_URL.";
