/** Asserts that something fails as one of our errors, with this code (or one of these) and this in its sentence. */
import { expect } from "chai";
import { type ErrorCode, SignpostError } from "../src/errors.js";

export function expectError(
  action: () => unknown,
  codes: ErrorCode | readonly ErrorCode[],
  sentence: RegExp,
): SignpostError {
  let thrown: unknown;
  try {
    action();
  } catch (error) {
    thrown = error;
  }
  return assertIs(thrown, codes, sentence);
}

export async function expectRejection(
  action: Promise<unknown>,
  codes: ErrorCode | readonly ErrorCode[],
  sentence: RegExp,
): Promise<SignpostError> {
  const thrown: unknown = await action.then(
    () => undefined,
    (error: unknown) => error,
  );
  return assertIs(thrown, codes, sentence);
}

function assertIs(
  thrown: unknown,
  codes: ErrorCode | readonly ErrorCode[],
  sentence: RegExp,
): SignpostError {
  const expected = [codes].flat().join(" or ");
  if (!(thrown instanceof SignpostError)) {
    throw new Error(`expected a SignpostError ${expected}, but got ${String(thrown)}`, {
      cause: thrown,
    });
  }
  expect(expected, thrown.message).to.include(thrown.code);
  expect(thrown.message).to.match(sentence);
  return thrown;
}
