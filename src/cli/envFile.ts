/** `--env-file`: the settings of an installation, for a shell that does not have them. */
import { SignpostError } from "../errors.js";

const OPTION = "--env-file";

export interface SplitArguments {
  /** Null where the option is not given. */
  readonly envFile: string | null;
  /** All others, in their order. */
  readonly rest: readonly string[];
}

/**
 * Takes the option out of the arguments, wherever it stands: every command has it.
 * @throws INVALID_REQUEST without a file, or for a second one
 */
export function splitEnvFile(given: readonly string[]): SplitArguments {
  const rest: string[] = [];
  let envFile: string | null = null;
  for (let at = 0; at < given.length; at++) {
    const argument = given[at] ?? "";
    if (argument === "--") return { envFile, rest: [...rest, ...given.slice(at)] };
    if (argument !== OPTION && !argument.startsWith(`${OPTION}=`)) {
      rest.push(argument);
      continue;
    }
    const file = argument === OPTION ? (given[++at] ?? "") : argument.slice(OPTION.length + 1);
    if (file === "" || envFile !== null) {
      throw new SignpostError("INVALID_REQUEST", `${OPTION} takes one file, and stands once.`);
    }
    envFile = file;
  }
  return { envFile, rest };
}
