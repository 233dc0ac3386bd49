import { assertNotFrozen } from "../domains/frozenDomain.js";
import { notOfDomain } from "../domains/notOfDomain.js";
import type { KnownName } from "../history/lockedName.js";
import type { Clock } from "./clock.js";
import { decideChange, type Decision } from "./decideChange.js";
import { assertExpected } from "./expectation.js";
import type { PreparedChange } from "./prepareChange.js";

/** What comes of a change, under the lock of its name. Throws what refuses it. */
export function decidePrepared(
  { change, name, target }: PreparedChange,
  known: KnownName,
  nowMs: Clock,
): Decision {
  const { actions, authority, expected } = change;
  // it held the name when that was last looked at; another one may have been added since
  const { domain } = known;
  if (domain?.name !== change.domain) throw notOfDomain(name, change.domain);
  assertNotFrozen(domain);
  if (expected) assertExpected(expected, name, known.stored);
  const situation = { node: target.node, name, domain, nowMs: nowMs() };
  return decideChange(known, situation, actions, authority);
}
