import { expect } from "chai";
import type { CheckName, UnreachableOutcome, UntrustedOutcome } from "../../src/sdk/node.js";

interface Absent {
  readonly status: "absent";
  readonly reason: string;
  readonly sentence: string;
}
type AnyOutcome = { readonly status: "found" } | Absent | UnreachableOutcome | UntrustedOutcome;

/** Narrows an outcome, or fails with all that it says. */
export function expectFound<Outcome extends { readonly status: string }>(
  outcome: Outcome,
): Extract<Outcome, { readonly status: "found" }> {
  if (outcome.status !== "found") throw wrong("found", outcome);
  return outcome as Extract<Outcome, { readonly status: "found" }>;
}

export function expectAbsent(outcome: AnyOutcome, reason: string, sentence: RegExp): void {
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

function wrong(expected: string, outcome: object): Error {
  return new Error(`expected "${expected}", but got ${JSON.stringify(outcome, null, 2)}`);
}
