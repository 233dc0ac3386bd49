/** A command of `signpost` in this process: what it prints, and its exit status. */
import { stripVTControlCharacters } from "node:util";
import { Command } from "commander";

export interface Ran {
  readonly text: string;
  readonly exitStatus: number;
}

/** @param add adds the command to a program */
export async function runCommand(add: (program: Command) => void, ...args: string[]): Promise<Ran> {
  let text = "";
  const program = new Command().exitOverride().configureOutput({
    writeOut: (output) => (text += output),
    writeErr: () => undefined,
  });
  add(program);
  const before = process.exitCode;
  process.exitCode = 0;
  try {
    await program.parseAsync(args, { from: "user" });
    return { text: stripVTControlCharacters(text), exitStatus: process.exitCode };
  } finally {
    process.exitCode = before;
  }
}
