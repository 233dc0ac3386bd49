/** The options of `npm run soak -- --hostile`. */
import { ATTACKS, TOGETHER } from "./attacks.js";

/** The build that the attacks were first made against. */
const BASELINE = "e76d207";

export interface HostileOptions {
  /** A commit whose build is attacked as well, or null. */
  readonly before: string | null;
  /** Of the quiet time, and of the attack. */
  readonly seconds: number;
  /** At the same time; null: each by itself, and all together. */
  readonly attacks: readonly string[] | null;
}

const LONGEST_SEC = 600;

interface Given {
  readonly before?: string | undefined;
  readonly seconds: string;
  readonly attack?: string | undefined;
}

/** Or, as a sentence, what is wrong with them. */
export function readHostileOptions({ before, seconds, attack }: Given): HostileOptions | string {
  const known = [...ATTACKS.map(({ name }) => name), TOGETHER];
  if (!/^[1-9][0-9]*$/.test(seconds) || Number(seconds) > LONGEST_SEC) {
    return `--seconds takes a whole number from 1 to ${LONGEST_SEC}`;
  }
  const attacks = attack?.split(",") ?? null;
  const unknown = attacks?.find((name) => !known.includes(name));
  if (unknown !== undefined) {
    return `there is no attack ${unknown}; give one of ${known.join(", ")}, or several with commas`;
  }
  return { before: before ?? null, seconds: Number(seconds), attacks };
}

/** `--before` without a commit means the baseline. */
export function withBaseline(args: readonly string[]): string[] {
  return args.flatMap((arg, index) =>
    arg === "--before" && (args[index + 1] ?? "--").startsWith("--") ? [arg, BASELINE] : [arg],
  );
}
