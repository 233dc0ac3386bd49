import { expect } from "chai";
import type {
  AbsentOutcome,
  CheckName,
  FoundProfile,
  FoundRelayNode,
  ProfileOutcome,
  RelayNodeOutcome,
  UnreachableOutcome,
} from "../../src/sdk/node.js";

type AnyOutcome = ProfileOutcome | RelayNodeOutcome;

/** Narrows an outcome, or fails with all that it says. */
export function expectFound(outcome: ProfileOutcome): FoundProfile;
export function expectFound(outcome: RelayNodeOutcome): FoundRelayNode;
export function expectFound(outcome: AnyOutcome): FoundProfile | FoundRelayNode {
  if (outcome.status !== "found") throw wrong("found", outcome);
  return outcome;
}

export function expectAbsent(
  outcome: AnyOutcome,
  reason: AbsentOutcome["reason"],
  sentence: RegExp,
): void {
  if (outcome.status !== "absent") throw wrong("absent", outcome);
  expect(outcome.reason).to.equal(reason);
  expect(outcome.sentence).to.match(sentence);
}

/** `reasons`: one for everybody who was asked, in order. */
export function expectUnreachable(outcome: AnyOutcome, ...reasons: RegExp[]): UnreachableOutcome {
  if (outcome.status !== "unreachable") throw wrong("unreachable", outcome);
  expect(outcome.unreachable, JSON.stringify(outcome)).to.have.length(reasons.length);
  reasons.forEach((reason, index) => {
    expect(outcome.unreachable[index]?.reason).to.match(reason);
  });
  return outcome;
}

export function expectUntrusted(outcome: AnyOutcome, check: CheckName, sentence: RegExp): void {
  if (outcome.status !== "untrusted") throw wrong("untrusted", outcome);
  expect(outcome.check, outcome.sentence).to.equal(check);
  expect(outcome.sentence).to.match(sentence);
}

function wrong(expected: string, outcome: AnyOutcome): Error {
  return new Error(`expected "${expected}", but got ${JSON.stringify(outcome, null, 2)}`);
}
