/** How much an account has, how long it is kept, and the end of all of it. */
import type { StorageBounds } from "../../storage/bounds.js";
import type { StorageAccount, StorageAccountStore } from "../../storage/store.js";
import { parseInput } from "../../wire/parseInput.js";
import { deletedInSteps } from "./inSteps.js";
import type { OwnerRoutes } from "./ownerRoutes.js";
import { retentionInput } from "./storageInputs.js";

export interface AccountDataRouteParts {
  readonly accounts: StorageAccountStore;
  readonly bounds: StorageBounds;
  readonly retentionDays: number | null;
}

const SHORT_BYTES = 1_024;

export function addAccountDataRoutes(
  { read, write }: OwnerRoutes,
  { accounts, bounds, retentionDays }: AccountDataRouteParts,
): void {
  const daysOf = (own: number | null) =>
    own === null ? retentionDays : Math.min(own, retentionDays ?? Infinity);

  read("/usage", async ({ account }, _request, response) => {
    response.setHeader("cache-control", "no-store");
    response.json({
      ...(await accounts.useOf(account.number)),
      ...bounds,
      retentionDays: daysOf(account.retentionDays),
    });
  });

  write(
    "put",
    "/retention",
    async ({ account }, { body }, response) => {
      const { days } = parseInput(retentionInput, "The body", body);
      await accounts.setRetention(account.number, days);
      response.json({ retentionDays: daysOf(days) });
    },
    { mostBytes: SHORT_BYTES },
  );

  write(
    "delete",
    "",
    async ({ account }, _request, response) => {
      await accounts.removeAccount(account.number);
      response.json({ isDone: await deleteRows(account) });
    },
    { mostBytes: 0 },
  );

  /** Whether all of them are deleted. */
  async function deleteRows({ number }: StorageAccount): Promise<boolean> {
    const isDone = await deletedInSteps((limit) => accounts.deleteRows(limit, number));
    return isDone && !(await accounts.hasRowsLeft(number));
  }
}
