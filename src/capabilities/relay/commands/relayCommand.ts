/** `signpost relay`: the relay node of this installation. */
import type { Command } from "commander";
import { accountStore } from "../../../db/relay/accountStore.js";
import { type Address, checksumAddress, parseAddress } from "../../../ens/address.js";
import { SignpostError } from "../../../errors.js";
import type { AccountUse, RelayAccountStore } from "../../../relay/store.js";
import { print } from "../../../terminal/print.js";
import { table } from "../../../terminal/table.js";
import { addCanaryCommand } from "./canaryCommand.js";
import { addKeyCommands } from "./keyCommands.js";
import { addProveCommand } from "./proveCommand.js";
import { addProveNetworkCommand } from "./proveNetworkCommand.js";
import { type JsonFlag, lookIntoRelay, withRelay } from "./withRelay.js";

const PAGE = 500;

export function relayCommand(program: Command): void {
  const relay = program.command("relay").description("the relay node of this installation");

  addKeyCommands(relay);
  addProveCommand(relay);
  addProveNetworkCommand(relay);
  addCanaryCommand(relay);

  relay
    .command("accounts")
    .description("list the accounts, and what waits for each")
    .option("--json", "print JSON")
    .action(async (flags: JsonFlag) => {
      const all = await lookIntoRelay(({ pool, tables }) =>
        allAccounts(accountStore(pool, tables)),
      );
      const lines = table(all.map(rowOf), ["ADDRESS", "NAME", "MESSAGES", "BYTES"]);
      print(flags, all.map(describe), all.length > 0 ? lines : ["No account yet."]);
    });

  relay
    .command("remove-account")
    .description("take an account away, with all messages that wait for it, for good")
    .argument("<address>", "the account's address")
    .option("--json", "print JSON")
    .action(async (given: string, flags: JsonFlag) => {
      const address = parseAddress(given);
      const removed = await withRelay(({ pool, tables }) =>
        accountStore(pool, tables).removeAccount(address),
      );
      if (!removed) throw noSuchAccount(address);
      print(flags, { address: checksumAddress(address), removed }, [
        `${checksumAddress(address)} has no account any more.`,
      ]);
    });
}

async function allAccounts(accounts: RelayAccountStore): Promise<readonly AccountUse[]> {
  const all: AccountUse[] = [];
  for (let after: Address | null = null; ;) {
    const page: readonly AccountUse[] = await accounts.accounts(after, PAGE);
    all.push(...page);
    if (page.length < PAGE) return all;
    after = page.at(-1)?.address ?? null;
  }
}

function describe({ address, name, messages, bytes, createdMs, provenKey, filters }: AccountUse) {
  return {
    address: checksumAddress(address),
    ...{ name, messages, bytes, filters },
    isProven: provenKey !== null,
    createdAt: new Date(createdMs).toISOString(),
  };
}

function rowOf({ address, name, messages, bytes }: AccountUse): readonly string[] {
  return [checksumAddress(address), name ?? "-", String(messages), String(bytes)];
}

function noSuchAccount(address: Address): SignpostError {
  return new SignpostError(
    "NOT_FOUND",
    `${checksumAddress(address)} has no account here; \`signpost relay accounts\` lists them.`,
    {},
  );
}
