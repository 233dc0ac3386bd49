/** What became of a write, as JSON. */
import type { Outcome } from "../../registry/changes/change.js";
import type { OutcomeAnswer, ProfileOutcomeAnswer } from "../../wire/outcome.js";

export function describeOutcome(name: string, outcome: Outcome): OutcomeAnswer {
  return { name, outcome: wordOf(outcome), version: versionOf(outcome) };
}

/** Of the profile, where the name itself may have been there before. */
export function describeProfileOutcome(name: string, outcome: Outcome): ProfileOutcomeAnswer {
  const { before, isChanged } = outcome;
  const word = before?.profileFingerprint ? "replaced" : "created";
  return { name, outcome: isChanged ? word : "unchanged", version: versionOf(outcome) };
}

function wordOf({ before, after, isChanged }: Outcome): OutcomeAnswer["outcome"] {
  if (!isChanged) return "unchanged";
  if (!before) return "created";
  return after ? "changed" : "deleted";
}

function versionOf({ version }: Outcome): string | null {
  return version === null ? null : version.toString();
}
