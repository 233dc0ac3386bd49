/** A question of which the answer has to be typed: for what cannot be taken back. */
import { createInterface } from "node:readline/promises";
import { SignpostError } from "../errors.js";

/**
 * Throws INVALID_REQUEST unless `expected` is typed, and where nobody is there to type it.
 * @param instead what a script says: "--yes"
 */
export async function assertTyped(
  question: string,
  expected: string,
  instead: string,
): Promise<void> {
  if (!process.stdin.isTTY) {
    throw new SignpostError(
      "INVALID_REQUEST",
      `Nothing was changed: there is no terminal to ask on. Use ${instead} to go on without being asked.`,
    );
  }
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await lines.question(`${question} `);
    if (answer.trim() === expected) return;
  } finally {
    lines.close();
  }
  throw new SignpostError("INVALID_REQUEST", `Nothing was changed: ${expected} was not typed.`);
}
