/** Asserts that something fails as one of our errors, with this code and this in its sentence. */
import { expect } from "chai";
import { type ErrorCode, SignpostError } from "../src/errors.js";

export function expectError(action: () => unknown, code: ErrorCode, sentence: RegExp): void {
  let thrown: unknown;
  try {
    action();
  } catch (error) {
    thrown = error;
  }
  assertIs(thrown, code, sentence);
}

export async function expectRejection(
  action: Promise<unknown>,
  code: ErrorCode,
  sentence: RegExp,
): Promise<SignpostError> {
  const thrown: unknown = await action.then(
    () => undefined,
    (error: unknown) => error,
  );
  return assertIs(thrown, code, sentence);
}

function assertIs(thrown: unknown, code: ErrorCode, sentence: RegExp): SignpostError {
  if (!(thrown instanceof SignpostError)) {
    throw new Error(`expected a SignpostError ${code}, but got ${String(thrown)}`, {
      cause: thrown,
    });
  }
  expect(thrown.code, thrown.message).to.equal(code);
  expect(thrown.message).to.match(sentence);
  return thrown;
}
