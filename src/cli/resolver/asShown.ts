/** A question may wait for hours: whether what was shown with it is still what would happen. */
import { type Change, hasSameAtStake, isSameChange, type Plan } from "../../admin/change.js";
import { assertPriceHolds, type ChangeCost } from "../../admin/execute.js";
import type { AdminAccount } from "../../chain/adminAccount.js";
import { refused } from "../../chain/unsentTransaction.js";
import { assertNoneWaits } from "../../chain/waitingTransactions.js";
import { progressLine } from "../progressLine.js";
import type { Session, WantedChange } from "./session.js";

/** What a person saw before they said yes. */
interface Shown {
  readonly change: Change;
  readonly cost: ChangeCost;
}

/** Throws TRANSACTION_REFUSED where what was shown is not what would happen any more. */
export async function assertAsShown(
  shown: Shown,
  wanted: WantedChange,
  { address }: Pick<AdminAccount, "address">,
  { connection }: Session,
): Promise<void> {
  const plan = await planOf(wanted, address);
  if (plan.kind === "unchanged") throw refused(`meanwhile somebody did it. ${plan.sentence}`);
  if (!isSameChange(plan.change, shown.change)) {
    throw refused(
      "meanwhile something else changed on the chain, so it would not do what was shown. Run this again to see what it would do now.",
    );
  }
  if (!hasSameAtStake(plan.change, shown.change)) {
    throw refused(
      "meanwhile other names depend on it than when it was shown. Run this again to see what it would do now.",
    );
  }
  await assertNoneWaits(connection.provider, address);
  await assertPriceHolds(shown.cost, connection);
}

/** What is to be done, from what is on the chain now. */
export async function planOf(wanted: WantedChange, account: string): Promise<Plan> {
  const progress = progressLine();
  progress.show("what is on the chain");
  try {
    return await wanted.plan(account);
  } finally {
    progress.clear();
  }
}
