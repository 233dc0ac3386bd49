/** The person at the terminal: what they are shown, and what they are asked. */
import { createInterface } from "node:readline";
import { Writable } from "node:stream";
import type { Command } from "commander";
import { SignpostError } from "../../errors.js";
import { dropTypedAhead, type TerminalInput } from "./typedAhead.js";

export type { TerminalInput } from "./typedAhead.js";

export interface Terminal {
  /** Whether somebody is there to answer. */
  readonly isInteractive: boolean;
  /** A line of the result, to standard output. */
  readonly print: (line: string) => void;
  /** A line on the way to it, to standard error, so that standard output stays the result alone. */
  readonly tell: (line: string) => void;
  /** Whether the answer is yes; anything else is no, and so is the end of the input. */
  confirm(question: string): Promise<boolean>;
  /** Asks without showing what is typed. */
  askSecret(question: string): Promise<string>;
}

export function terminalOf(command: Command, input: TerminalInput): Terminal {
  const output = command.configureOutput();
  const tell = (text: string) => output.writeErr?.(text);
  return {
    isInteractive: input.isTTY === true,
    print: (line) => output.writeOut?.(`${line}\n`),
    tell: (line) => tell(`${line}\n`),
    confirm: async (question) => {
      await dropTypedAhead(input);
      tell(`${question} [y/N] `);
      return /^y(es)?$/i.test(((await readLine(input, false)) ?? "").trim());
    },
    askSecret: async (question) => {
      await dropTypedAhead(input);
      tell(`${question}: `);
      const secret = await readLine(input, true);
      // the line break that was typed was not shown either
      tell("\n");
      if (secret === null) {
        throw new SignpostError(
          "INVALID_REQUEST",
          "Nothing was sent: the question was not answered.",
        );
      }
      return secret;
    },
  };
}

/**
 * Null where the input ends before.
 * @param hidden reads key by key and shows none; the terminal itself would echo them otherwise
 */
function readLine(input: TerminalInput, hidden: boolean): Promise<string | null> {
  if (input.readableEnded) return Promise.resolve(null);
  const nowhere = new Writable({
    write: (_chunk, _encoding, done) => {
      done();
    },
  });
  return new Promise((resolve) => {
    const lines = createInterface({ input, output: nowhere, terminal: hidden });
    lines.once("line", (line) => {
      resolve(line);
      lines.close();
    });
    // Ctrl-C while keys are read one by one; otherwise the signal ends the process
    lines.once("SIGINT", () => {
      lines.close();
    });
    lines.once("close", () => {
      resolve(null);
    });
  });
}
