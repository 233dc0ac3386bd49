/** What became of a write, as JSON. */
import type { Outcome } from "../../registry/changes/change.js";
import type { OutcomeAnswer, ProfileOutcomeAnswer } from "../../wire/outcome.js";

export function describeOutcome(name: string, outcome: Outcome): OutcomeAnswer {
  const { before, after, isChanged } = outcome;
  if (!isChanged) return { name, outcome: "unchanged" };
  if (!before) return { name, outcome: "created" };
  return { name, outcome: after ? "changed" : "deleted" };
}

/** Of the profile, where the name itself may have been there before. */
export function describeProfileOutcome(name: string, outcome: Outcome): ProfileOutcomeAnswer {
  if (!outcome.isChanged) return { name, outcome: "unchanged" };
  return { name, outcome: outcome.before?.profileFingerprint ? "replaced" : "created" };
}
