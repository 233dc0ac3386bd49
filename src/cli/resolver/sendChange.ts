/** One change by an account: show it with its cost, ask, send, wait, read back. What came of it is for the command to report. */
import type { Change, Fields, Plan } from "../../admin/change.js";
import {
  assertReached,
  type ChangeCost,
  execute,
  type SentTransaction,
  tryOut,
} from "../../admin/execute.js";
import type { AdminAccount } from "../../chain/adminAccount.js";
import { SignpostError } from "../../errors.js";
import { progressLine } from "../progressLine.js";
import { wholeNumber } from "./chainOptions.js";
import { changeLines, costLine } from "./changeText.js";
import { probe } from "./probe.js";
import type { ChangeFlags, Session, WantedChange } from "./session.js";

const LOCAL_CHAINS = new Set([1337n, 31337n]);

export type Outcome =
  | Extract<Plan, { readonly kind: "unchanged" }>
  /** The answer to the question was no. */
  | { readonly kind: "declined"; readonly change: Change }
  | {
      readonly kind: "changed";
      readonly change: Change;
      readonly transaction: SentTransaction;
      /** As it was read back. */
      readonly state: Fields;
    };

/** Throws as `tryOut`, `execute` and `assertReached` do. */
export async function sendChange(
  wanted: WantedChange,
  account: AdminAccount,
  session: Session,
): Promise<Outcome> {
  const { connection, flags, terminal } = session;
  const plan = await planOf(wanted, account.address);
  if (plan.kind === "unchanged") return plan;
  const { change } = plan;
  const cost = await tryOut(change, account.address, connection);
  await probe(change, session);
  if (!(await agreed(change, cost, session))) return { kind: "declined", change };
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
  return { kind: "changed", change, transaction, state };
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
export function assertAnswerable({ flags, terminal }: Pick<Session, "flags" | "terminal">): void {
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
