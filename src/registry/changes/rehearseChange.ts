import type { RegistryStores } from "../store.js";
import type { Change } from "./change.js";
import type { Clock } from "./clock.js";
import { decideChange } from "./decideChange.js";
import { assertExpected } from "./expectation.js";
import { prepare } from "./prepareChange.js";

/** Throws what would refuse the change now; writes nothing. */
export async function rehearseChange(
  registry: RegistryStores,
  change: Change,
  nowMs: Clock,
): Promise<void> {
  const prepared = await prepare(registry, change);
  const { target, name } = prepared;
  const { actions, authority, expected } = change;
  await registry.names.changeNames([target], (known) => {
    if (expected) assertExpected(expected, name, known.stored);
    decideChange(known, { ...prepared, node: target.node, nowMs: nowMs() }, actions, authority);
    return null;
  });
}
