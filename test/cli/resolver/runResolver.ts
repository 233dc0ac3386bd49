/** `signpost resolver ...`, or another command that asks at the terminal, in this process, with what it prints caught. */
import { PassThrough } from "node:stream";
import { stripVTControlCharacters } from "node:util";
import { Command } from "commander";
import { resolverCommand } from "../../../src/cli/resolver/resolverCommand.js";

/** What a command printed, and how it ended. */
export interface Run {
  readonly out: string;
  /** `out` with its colours. */
  readonly raw: string;
  readonly err: string;
  readonly exitStatus: number;
}

export interface Audience {
  /** Who sits at the terminal; nobody by default. */
  readonly input?: PassThrough;
  readonly onErr?: (text: string) => void;
}

/** Somebody who says yes to each question. @param meanwhile what happens while a question waits for that */
export function sayingYesAfter(meanwhile: () => Promise<unknown>): Audience {
  const input = Object.assign(new PassThrough(), { isTTY: true });
  const onErr = (text: string) => {
    if (text.includes("[y/N]")) void meanwhile().then(() => input.write("y\n"));
  };
  return { input, onErr };
}

/** Rejects with the SignpostError that the command throws. */
export function runResolver(
  rpcUrl: string,
  args: readonly string[],
  audience: Audience = {},
): Promise<Run> {
  return runCommand(resolverCommand, ["resolver", ...args, "--rpc", rpcUrl], audience);
}

/** The same for any command. */
export async function runCommand(
  addCommand: (program: Command, input: PassThrough) => void,
  args: readonly string[],
  { input = new PassThrough(), onErr = () => undefined }: Audience = {},
): Promise<Run> {
  let out = "";
  let err = "";
  const program = new Command().exitOverride().configureOutput({
    writeOut: (text) => (out += text),
    writeErr: (text) => {
      err += text;
      onErr(text);
    },
  });
  addCommand(program, input);
  const before = process.exitCode;
  await program.parseAsync(args, { from: "user" });
  const exitStatus = Number(process.exitCode ?? 0);
  process.exitCode = before;
  return {
    out: stripVTControlCharacters(out),
    raw: out,
    err: stripVTControlCharacters(err),
    exitStatus,
  };
}
