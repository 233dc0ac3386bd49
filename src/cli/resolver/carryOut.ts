/** How every command changes something, by an account or as a proposal, and what it reports then. */
import { ether } from "../../chain/etherText.js";
import { openAccount } from "./accountOptions.js";
import { fieldLines, nextStepLines } from "./changeText.js";
import { propose } from "./propose.js";
import { report, reportUnchanged } from "./report.js";
import { assertAnswerable, sendChange } from "./sendChange.js";
import type { Session, WantedChange } from "./session.js";

const DECLINED = 1;

export async function carryOut(wanted: WantedChange, session: Session): Promise<void> {
  const { connection, flags, terminal } = session;
  if (flags.propose !== undefined) {
    await propose(wanted, session, flags.propose);
    return;
  }
  assertAnswerable(session);
  const account = await openAccount(connection, flags, terminal);
  const outcome = await sendChange(wanted, account, session);
  if (outcome.kind === "unchanged") {
    await reportUnchanged(wanted, session, outcome.sentence);
    return;
  }
  const { title, before, after } = outcome.change;
  if (outcome.kind === "declined") {
    report(session, { outcome: "declined", title }, ["Nothing was sent."]);
    process.exitCode = DECLINED;
    return;
  }
  const { transaction, state } = outcome;
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
