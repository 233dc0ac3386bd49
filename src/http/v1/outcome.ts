/** What became of a write, as JSON. */
import type { Outcome } from "../../registry/changes/change.js";
import { dm3FormOf } from "../../registry/names/dm3Form.js";
import type { OutcomeAnswer, ProfileOutcomeAnswer } from "../../wire/outcome.js";

/** RFC 1035's, which ethers 5 holds to. */
const LONGEST_LABEL_OF_DM3 = 63;

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

/** Clients of ENS find the name; those of dm3, which fold names otherwise and take short labels only, do not. */
function warningOf({ after }: Outcome): { warning?: string } {
  const why = after && whyNotFoundByDm3(after.name);
  if (!why) return {};
  return {
    warning: `dm3's clients cannot find ${after.name}: they ${why}. Give the user a name that both can write.`,
  };
}

function whyNotFoundByDm3(name: string): string | null {
  const form = dm3FormOf(name);
  if (form === null) return "refuse it (nameprep, RFC 3491)";
  if (form !== name) return `ask for ${form} instead (nameprep, RFC 3491)`;
  const longest = Math.max(...name.split(".").map((label) => Buffer.byteLength(label)));
  if (longest <= LONGEST_LABEL_OF_DM3) return null;
  return `take labels of ${LONGEST_LABEL_OF_DM3} bytes at most (as ethers 5), and it has one of ${longest}`;
}

function versionOf({ version }: Outcome): string | null {
  return version === null ? null : version.toString();
}
