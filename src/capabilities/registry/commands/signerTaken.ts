/** What resolvers say of a signer, what is to be done about it, and the exit status that says so. */

export type Taken = "yes" | "no" | "could not find out";

export interface TakenAt {
  readonly chainId: string;
  /** Checksummed, as `signer` below. */
  readonly resolver: string;
  readonly taken: Taken;
}

const NOT_TAKEN = 1;
const NOT_FOUND_OUT = 4;

/** The commands for each resolver that does not take it, and for each that could not be asked. */
export function nextStepsAt(signer: string, answers: readonly TakenAt[]): readonly string[] {
  const missing = answers.filter(({ taken }) => taken === "no");
  const unknown = answers.filter(({ taken }) => taken === "could not find out");
  return [
    ...steps(
      "Next, each with the owner's account and --rpc of its chain:",
      missing.map(
        ({ resolver }) => `signpost resolver signers add ${signer} --resolver ${resolver}`,
      ),
    ),
    ...steps(
      "Confirm those that you have looked at by other means:",
      unknown.map(
        ({ chainId, resolver }) =>
          `signpost signer remember ${signer} --chain ${chainId} --resolver ${resolver}`,
      ),
    ),
  ];
}

/** A paragraph: the commands below what they are for; nothing where there are none. */
export function steps(head: string, commands: readonly string[]): readonly string[] {
  return commands.length === 0 ? [] : ["", head, ...commands.map((command) => `  ${command}`)];
}

/** Nobody asked is nothing proven. */
export function statusOfTaken(answers: readonly TakenAt[]): number {
  if (answers.some(({ taken }) => taken === "no") || answers.length === 0) return NOT_TAKEN;
  return answers.every(({ taken }) => taken === "yes") ? 0 : NOT_FOUND_OUT;
}
