/** The canary of a running relay node, where one is wanted. Its parts, and those of a messenger, are loaded only then. */
import type { Pool } from "../../../db/pool.js";
import type { RelayTables } from "../../../db/relay/relayTables.js";
import { type CanaryWatch, NO_CANARY, watchCanary } from "../../../health/canaryWatch.js";
import type { Parts } from "../../../service/capability.js";
import type { RelayConfig } from "../settings.js";
import type { CanaryLookup } from "./canaryLookup.js";

export interface OpenCanaryOptions extends Pick<RelayConfig, "ensName" | "canary"> {
  readonly lookup: CanaryLookup | null;
}

/** @returns begins to send. Throws as `Secrets` does */
export async function openCanary(
  pool: Pool,
  tables: RelayTables,
  { secrets, nowMs }: Pick<Parts, "secrets" | "nowMs">,
  { ensName, canary, lookup }: OpenCanaryOptions,
): Promise<() => CanaryWatch> {
  if (canary === null || ensName === null || lookup === null) return () => NO_CANARY;
  const [{ canaryAccount }, { sendCanary }] = await Promise.all([
    import("./canaryAccount.js"),
    import("./sendCanary.js"),
  ]);
  const { name, everyMs } = canary;
  const account = await canaryAccount(pool, tables, secrets, { name, relayNode: ensName });
  const send = (signal: AbortSignal) => sendCanary(account, lookup, signal);
  return () => watchCanary({ everyMs, nowMs, send });
}
