import type { RegistryStores } from "../store.js";
import type { Change } from "./change.js";
import type { Clock } from "./clock.js";
import { decidePrepared } from "./decidePrepared.js";
import { prepare } from "./prepareChange.js";

/** Throws what would refuse the change now; writes nothing. */
export async function rehearseChange(
  registry: RegistryStores,
  change: Change,
  nowMs: Clock,
): Promise<void> {
  const prepared = await prepare(registry, change);
  await registry.names.changeNames([prepared.target], (known) => {
    decidePrepared(prepared, known, nowMs);
    return null;
  });
}
