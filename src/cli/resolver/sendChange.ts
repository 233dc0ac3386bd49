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
import { assertAsShown, planOf } from "./asShown.js";
import { wholeNumber } from "./chainOptions.js";
import { changeLines, costLine } from "./changeText.js";
import { probe } from "./probe.js";
import type { ChangeFlags, Session, WantedChange } from "./session.js";

const LOCAL_CHAINS = new Set([1337n, 31337n]);

type Outcome = NotSent | Changed;

type NotSent =
  | Extract<Plan, { readonly kind: "unchanged" }>
  /** The answer to the question was no. */
  | { readonly kind: "declined"; readonly change: Change };

interface Changed {
  readonly kind: "changed";
  readonly change: Change;
  readonly transaction: SentTransaction;
  /** As it was read back. */
  readonly state: Fields;
}

interface Agreed {
  readonly kind: "agreed";
  readonly change: Change;
  readonly cost: ChangeCost;
  readonly confirmations: number;
}

/** Throws as `agreeOnChange` and `sendAgreed` do. */
export async function sendChange(
  wanted: WantedChange,
  account: AdminAccount,
  session: Session,
): Promise<Outcome> {
  const answer = await agreeOnChange(wanted, account, session);
  return answer.kind === "agreed" ? sendAgreed(answer, wanted, account, session) : answer;
}

/** What comes before it is sent: what it would do and cost, the question, and after a yes a second look. Throws as `tryOut` does. */
export async function agreeOnChange(
  wanted: WantedChange,
  account: AdminAccount,
  session: Session,
): Promise<NotSent | Agreed> {
  const plan = await planOf(wanted, account.address);
  if (plan.kind === "unchanged") return plan;
  const { change } = plan;
  const { connection, flags } = session;
  const confirmations = confirmationsWanted(flags, connection.chainId);
  const cost = await tryOut(change, account.address, connection);
  await probe(change, session);
  if (!(await agreed(change, cost, session))) return { kind: "declined", change };
  // a question may wait for hours
  if (flags.yes !== true) await assertAsShown({ change, cost }, wanted, account, session);
  return { kind: "agreed", change, cost, confirmations };
}

/** Throws as `execute` and `assertReached` do. The transaction may have been sent whatever is thrown. */
export async function sendAgreed(
  { change, cost, confirmations }: Agreed,
  wanted: WantedChange,
  account: AdminAccount,
  { connection, terminal }: Session,
): Promise<Changed> {
  const transaction = await execute(change, cost, account, connection, confirmations, {
    onSent: (hash) => {
      terminal.tell(`Sent ${hash}`);
    },
    onConfirmation: (reached, needed) => {
      terminal.tell(`  ${reached} of ${needed} confirmations`);
    },
    onFailing: () => {
      terminal.tell("  the RPC node fails; asking it again, for ten minutes at most");
    },
  });
  const state = await wanted.readBack();
  assertReached(change, state, transaction.hash, wanted.lookAgain());
  return { kind: "changed", change, transaction, state };
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
