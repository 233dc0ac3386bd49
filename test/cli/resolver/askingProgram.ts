/** Asks twice at a real terminal, with a pause between as confirmations take it, and prints what it understood. */
import { setTimeout as delay } from "node:timers/promises";
import { Command } from "commander";
import { terminalOf } from "../../../src/cli/resolver/terminal.js";

const terminal = terminalOf(new Command(), process.stdin);
const first = await terminal.confirm("First?");
await delay(500);
const second = process.argv.includes("--secret")
  ? await terminal.askSecret("Second?")
  : await terminal.confirm("Second?");
process.stdout.write(`understood ${JSON.stringify([first, second])}\n`);
