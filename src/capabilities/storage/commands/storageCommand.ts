/** `signpost storage`: the storage of this installation. */
import { setTimeout } from "node:timers/promises";
import type { Command } from "commander";
import { storageAccountStore } from "../../../db/storage/accountStore.js";
import { type Address, checksumAddress, parseAddress } from "../../../ens/address.js";
import { SignpostError } from "../../../errors.js";
import type { StorageAccountStore, StorageAccountUse } from "../../../storage/store.js";
import { print } from "../../../terminal/print.js";
import { table } from "../../../terminal/table.js";
import { type JsonFlag, lookIntoStorage, withStorage } from "./withStorage.js";

const PAGE = 500;
const ROWS_AT_ONCE = 2_000;
const PAUSE_MS = 100;

export function storageCommand(program: Command): void {
  const storage = program.command("storage").description("the storage of this installation");

  storage
    .command("accounts")
    .description("list the accounts, and what each has")
    .option("--json", "print JSON")
    .action(async (flags: JsonFlag) => {
      const all = await lookIntoStorage(({ pool, tables }) =>
        allAccounts(storageAccountStore(pool, tables)),
      );
      const lines = table(all.map(rowOf), HEADINGS);
      print(flags, all.map(describe), all.length > 0 ? lines : ["No account yet."]);
    });

  storage
    .command("remove-account")
    .description("take an account away, with all of its conversations and messages, for good")
    .argument("<address>", "the account's address")
    .option("--json", "print JSON")
    .action(async (given: string, flags: JsonFlag) => {
      const address = parseAddress(given);
      const removed = await withStorage(({ pool, tables }) =>
        removeWithRows(storageAccountStore(pool, tables), address),
      );
      if (!removed) throw noSuchAccount(address);
      print(flags, { address: checksumAddress(address), removed }, [
        `${checksumAddress(address)} has no account any more, and nothing of it is left.`,
      ]);
    });
}

const HEADINGS = ["ADDRESS", "NAME", "CONVERSATIONS", "MESSAGES", "BYTES"];

async function removeWithRows(accounts: StorageAccountStore, address: Address): Promise<boolean> {
  const account = await accounts.accountOf(address);
  if (account === null || !(await accounts.removeAccount(account.number))) return false;
  do {
    const deleted = await accounts.deleteRows(ROWS_AT_ONCE, account.number);
    // the storage deletes the others now
    if (deleted === 0) await setTimeout(PAUSE_MS);
  } while (await accounts.hasRowsLeft(account.number));
  return true;
}

async function allAccounts(accounts: StorageAccountStore): Promise<readonly StorageAccountUse[]> {
  const all: StorageAccountUse[] = [];
  for (let after: Address | null = null; ;) {
    const page: readonly StorageAccountUse[] = await accounts.accounts(after, PAGE);
    all.push(...page);
    if (page.length < PAGE) return all;
    after = page.at(-1)?.address ?? null;
  }
}

function describe(account: StorageAccountUse) {
  const { address, name, conversations, messages, bytes, retentionDays } = account;
  return {
    address: checksumAddress(address),
    ...{ name, conversations, messages, bytes, retentionDays },
    isProven: account.provenKey !== null,
    createdAt: new Date(account.createdMs).toISOString(),
  };
}

function rowOf({ address, name, conversations, messages, bytes }: StorageAccountUse) {
  return [checksumAddress(address), name ?? "-", ...[conversations, messages, bytes].map(String)];
}

function noSuchAccount(address: Address): SignpostError {
  return new SignpostError(
    "NOT_FOUND",
    `${checksumAddress(address)} has no account here; \`signpost storage accounts\` lists them.`,
    {},
  );
}
