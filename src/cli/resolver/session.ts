/** What a command wants changed, and where and for whom it runs. */
import type { Command } from "commander";
import type { Fields, Plan } from "../../admin/change.js";
import type { Connection } from "../../chain/connection.js";
import { type AccountFlags, accountOptions } from "./accountOptions.js";
import type { Terminal } from "./terminal.js";

export interface ChangeFlags extends AccountFlags {
  readonly yes?: true;
  readonly confirmations?: string;
  readonly propose?: string;
  readonly safe?: string;
  /** Of commands that bring gateway URLs to the chain. */
  readonly althoughUnreachable?: true;
  readonly json?: true;
}

export const ALTHOUGH_UNREACHABLE_OPTION = [
  "--although-unreachable",
  "go on although no gateway answers at one of the URLs",
] as const;

/** One change that a command wants. */
export interface WantedChange {
  /** @param account who acts; null for a proposal by whoever has the right */
  plan(account: string | null): Promise<Plan> | Plan;
  /** The state of what was changed, once it has. Asked after `plan`, as the rest. */
  readBack(): Promise<Fields>;
  /** What the result says besides, for programs. */
  facts(): Readonly<Record<string, unknown>>;
  /** The command that shows the state again. */
  lookAgain(): string;
  /** What to do then. */
  nextSteps(): readonly string[];
}

/** Where and for whom a command runs. */
export interface Session {
  readonly connection: Connection;
  readonly flags: ChangeFlags;
  readonly terminal: Terminal;
}

/** Of commands that send transactions by an account. */
export function sendOptions(command: Command): Command {
  return accountOptions(command)
    .option("--yes", "do not ask")
    .option("--confirmations <n>", "blocks to wait for (default: 2; 1 on local chains)");
}

export function changeOptions(command: Command): Command {
  return sendOptions(command)
    .option(
      "--propose <file>",
      "send nothing: write the transaction for a Safe multisig (- prints it)",
    )
    .option("--safe <address>", "with --propose: who will send it (default: who has the right to)");
}
