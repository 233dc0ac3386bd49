/** What became of a write, as JSON. */
import type { Outcome } from "../../registry/changes/change.js";
import { dm3FormOf } from "../../registry/names/dm3Form.js";
import type { OutcomeAnswer, ProfileOutcomeAnswer } from "../../wire/outcome.js";

export function describeOutcome(name: string, outcome: Outcome): OutcomeAnswer {
  return { name, outcome: wordOf(outcome), version: versionOf(outcome), ...warningOf(outcome) };
}

/** Of the profile, where the name itself may have been there before. */
export function describeProfileOutcome(name: string, outcome: Outcome): ProfileOutcomeAnswer {
  const { before, isChanged } = outcome;
  const word = before?.profileFingerprint ? "replaced" : "created";
  return {
    name,
    outcome: isChanged ? word : "unchanged",
    version: versionOf(outcome),
    ...warningOf(outcome),
  };
}

function wordOf({ before, after, isChanged }: Outcome): OutcomeAnswer["outcome"] {
  if (!isChanged) return "unchanged";
  if (!before) return "created";
  return after ? "changed" : "deleted";
}

/** Clients of ENS find the name; those of dm3, which fold names otherwise, do not. */
function warningOf({ after }: Outcome): { warning?: string } {
  if (!after) return {};
  const form = dm3FormOf(after.name);
  if (form === after.name) return {};
  const why = form === null ? "refuse it" : `ask for ${form} instead`;
  return {
    warning: `dm3's clients cannot find ${after.name}: they ${why} (nameprep, RFC 3491). Give the user a name that both can write.`,
  };
}

function versionOf({ version }: Outcome): string | null {
  return version === null ? null : version.toString();
}
