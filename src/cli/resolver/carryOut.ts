/** How every command changes something: show it with its cost, ask, send, wait, read back. */
import type { Command } from "commander";
import type { Change, Fields, Plan } from "../../admin/change.js";
import { assertReached, execute, tryOut } from "../../admin/execute.js";
import type { Connection } from "../../chain/connection.js";
import type { Cost } from "../../chain/rehearsal.js";
import { SignpostError } from "../../errors.js";
import { jsonText } from "../jsonText.js";
import { type AccountFlags, accountOptions, openAccount } from "./accountOptions.js";
import { wholeNumber } from "./chainOptions.js";
import { changeLines, costLine, ether, fieldLines, nextStepLines } from "./changeText.js";
import { propose } from "./propose.js";
import type { Terminal } from "./terminal.js";

export interface ChangeFlags extends AccountFlags {
  readonly yes?: true;
  readonly confirmations?: string;
  readonly propose?: string;
  readonly safe?: string;
  readonly json?: true;
}

/** One change that a command wants. */
export interface Undertaking {
  /** @param account who acts; null for a proposal by whoever has the right */
  plan(account: string | null): Promise<Plan> | Plan;
  /** The state of what was changed, once it has. Asked after `plan`, as the rest. */
  readBack(): Promise<Fields>;
  /** What the result says besides, for programs. */
  facts(): Readonly<Record<string, unknown>>;
  /** What to do then. */
  nextSteps(): readonly string[];
}

/** Where and for whom a command runs. */
export interface Session {
  readonly connection: Connection;
  readonly flags: ChangeFlags;
  readonly terminal: Terminal;
}

export function changeOptions(command: Command): Command {
  return accountOptions(command)
    .option("--yes", "do not ask")
    .option("--confirmations <n>", "blocks to wait for (default: 2; 1 on local chains)")
    .option(
      "--propose <file>",
      "send nothing: write the transaction for a Safe multisig (- prints it)",
    )
    .option("--safe <address>", "with --propose: who will send it (default: who has the right to)");
}

const LOCAL_CHAINS = new Set([1337n, 31337n]);
const DECLINED = 1;

export async function carryOut(undertaking: Undertaking, session: Session): Promise<void> {
  const { connection, flags, terminal } = session;
  if (flags.propose !== undefined) {
    await propose(undertaking, session, flags.propose);
    return;
  }
  assertAnswerable(session);
  const account = await openAccount(connection, flags, terminal);
  const plan = await undertaking.plan(account.address);
  if (plan.kind === "unchanged") {
    await reportUnchanged(undertaking, session, plan.sentence);
    return;
  }
  const { change } = plan;
  const cost = await tryOut(change, account.address, connection);
  if (!(await agreed(change, cost, session))) {
    report(session, { outcome: "declined", title: change.title }, ["Nothing was sent."]);
    process.exitCode = DECLINED;
    return;
  }
  const transaction = await execute(
    change,
    cost,
    account,
    connection,
    confirmationsWanted(flags, connection.chainId),
    {
      onSent: (hash) => {
        terminal.tell(`Sent ${hash}`);
      },
      onConfirmation: (reached, wanted) => {
        terminal.tell(`  ${reached} of ${wanted} confirmations`);
      },
    },
  );
  const state = await undertaking.readBack();
  assertReached(change, state, transaction.hash);
  const { title, before, after } = change;
  const nextSteps = undertaking.nextSteps();
  report(
    session,
    {
      outcome: "changed",
      title,
      ...undertaking.facts(),
      before,
      after,
      transaction,
      state,
      nextSteps,
    },
    [
      `Done in block ${transaction.blockNumber} for ${ether(BigInt(transaction.feeWei))}: ${transaction.hash}`,
      ...fieldLines(state),
      ...nextStepLines(nextSteps),
    ],
  );
}

/** Whether the change is wanted, once it and its cost are on screen. */
async function agreed(change: Change, cost: Cost, { flags, terminal }: Session): Promise<boolean> {
  // with --json the result is the only thing on standard output
  const show = flags.json ? terminal.tell : terminal.print;
  for (const line of [...changeLines(change), costLine(cost)]) show(line);
  return flags.yes === true || (await terminal.confirm("Send this transaction?"));
}

/** A script that forgot --yes must not hang on a question that nobody sees. */
function assertAnswerable({ flags, terminal }: Session): void {
  if (flags.yes || terminal.isInteractive) return;
  throw new SignpostError(
    "INVALID_REQUEST",
    "Nothing was sent: there is no terminal to ask on. Use --yes to send without being asked, or --propose.",
  );
}

function confirmationsWanted({ confirmations }: ChangeFlags, chainId: bigint): number {
  if (confirmations === undefined) return LOCAL_CHAINS.has(chainId) ? 1 : 2;
  return Math.max(1, Number(wholeNumber(confirmations, "--confirmations")));
}

export async function reportUnchanged(
  undertaking: Undertaking,
  session: Session,
  sentence: string,
): Promise<void> {
  const state = await undertaking.readBack();
  report(session, { outcome: "unchanged", sentence, ...undertaking.facts(), state }, [
    `Nothing to do: ${sentence}`,
  ]);
}

export function report(
  { flags, terminal }: Pick<Session, "flags" | "terminal">,
  facts: Readonly<Record<string, unknown>>,
  lines: readonly string[],
): void {
  terminal.print(flags.json ? jsonText(facts) : lines.join("\n"));
}
