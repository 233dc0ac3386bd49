/** How every command changes something: show it with its cost, ask, send, wait, read back. */
import type { Change, Plan } from "../../admin/change.js";
import { assertReached, type ChangeCost, execute, tryOut } from "../../admin/execute.js";
import { ether } from "../../chain/etherText.js";
import { SignpostError } from "../../errors.js";
import { progressLine } from "../progressLine.js";
import { openAccount } from "./accountOptions.js";
import { wholeNumber } from "./chainOptions.js";
import { changeLines, costLine, fieldLines, nextStepLines } from "./changeText.js";
import { probe } from "./probe.js";
import { propose } from "./propose.js";
import { report, reportUnchanged } from "./report.js";
import type { ChangeFlags, Session, WantedChange } from "./session.js";

const LOCAL_CHAINS = new Set([1337n, 31337n]);
const DECLINED = 1;

export async function carryOut(wanted: WantedChange, session: Session): Promise<void> {
  const { connection, flags, terminal } = session;
  if (flags.propose !== undefined) {
    await propose(wanted, session, flags.propose);
    return;
  }
  assertAnswerable(session);
  const account = await openAccount(connection, flags, terminal);
  const plan = await planOf(wanted, account.address);
  if (plan.kind === "unchanged") {
    await reportUnchanged(wanted, session, plan.sentence);
    return;
  }
  const { change } = plan;
  const cost = await tryOut(change, account.address, connection);
  await probe(change, session);
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
      onConfirmation: (reached, needed) => {
        terminal.tell(`  ${reached} of ${needed} confirmations`);
      },
    },
  );
  const state = await wanted.readBack();
  assertReached(change, state, transaction.hash, wanted.lookAgain());
  const { title, before, after } = change;
  const nextSteps = wanted.nextSteps();
  report(
    session,
    {
      outcome: "changed",
      title,
      ...wanted.facts(),
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

async function planOf(wanted: WantedChange, account: string): Promise<Plan> {
  const progress = progressLine();
  progress.show("what is on the chain");
  try {
    return await wanted.plan(account);
  } finally {
    progress.clear();
  }
}

/** Whether the change is wanted, once it and its cost are on screen. */
async function agreed(
  change: Change,
  cost: ChangeCost,
  { flags, terminal }: Session,
): Promise<boolean> {
  // with --json the result is the only thing on standard output
  const show = flags.json ? terminal.tell : terminal.print;
  for (const line of [...changeLines(change), costLine(cost)]) show(line);
  return flags.yes === true || (await terminal.confirm(question(change)));
}

const question = ({ earlier }: Change) =>
  earlier === undefined ? "Send this transaction?" : "Send these two transactions?";

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
