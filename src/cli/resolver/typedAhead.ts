/** What was typed before a question was shown: it is no answer to it, as nobody had read the question. */
import type { Readable } from "node:stream";
import { setImmediate as nextTurn, setTimeout as delay } from "node:timers/promises";

/** Standard input, or a stream that stands for it. */
export type TerminalInput = Readable & {
  readonly isTTY?: boolean;
  /** Of a real terminal. */
  readonly setRawMode?: (isRaw: boolean) => unknown;
};

/** Nobody reads a question and answers it in that time. */
const READING_MS = 50;
const CTRL_C = "\u0003";

/** Only at a terminal: what a script writes ahead are its answers. */
export async function dropTypedAhead(input: TerminalInput): Promise<void> {
  if (input.isTTY !== true) return;
  const dropped: string[] = [];
  const drop = (typed: Buffer | string) => dropped.push(typed.toString());
  // a terminal hands out whole lines otherwise, and an Enter later on would complete a `y`
  input.setRawMode?.(true);
  input.on("data", drop);
  input.resume();
  await delay(READING_MS);
  // a busy process has not looked at its input until then
  await nextTurn();
  input.pause();
  input.off("data", drop);
  input.setRawMode?.(false);
  // which the terminal made no signal of meanwhile
  if (dropped.join("").includes(CTRL_C)) process.kill(process.pid, "SIGINT");
}
