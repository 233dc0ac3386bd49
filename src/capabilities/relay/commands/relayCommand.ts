/** `signpost relay`: the relay node of this installation. */
import type { Command } from "commander";
import { toHex } from "../../../abi/hex.js";
import { migrate } from "../../../db/migrate.js";
import type { Pool } from "../../../db/pool.js";
import { accountStore } from "../../../db/relay/accountStore.js";
import { type RelayTables, relayTables } from "../../../db/relay/relayTables.js";
import { type Address, checksumAddress, parseAddress } from "../../../ens/address.js";
import { SignpostError } from "../../../errors.js";
import { withInstallationPool } from "../../../installation/installationPool.js";
import { openSealing } from "../../../installation/openSealing.js";
import type { AccountStore, AccountUse } from "../../../relay/store.js";
import type { Secrets } from "../../../sealing/secrets.js";
import { sealingSettings } from "../../../settings/sealingSettings.js";
import { readSettings } from "../../../settings/settingsPart.js";
import { print } from "../../../terminal/print.js";
import { relayTablesWanted } from "../migrations.js";
import { relaySettings } from "../settings.js";

interface JsonFlag {
  readonly json?: true;
}

interface ProveFlags {
  readonly owner?: string;
  readonly listed?: true;
}

interface Here {
  readonly pool: Pool;
  readonly tables: RelayTables;
  readonly secrets: Secrets;
  readonly accounts: AccountStore;
}

const PAGE = 500;

export function relayCommand(program: Command): void {
  const relay = program.command("relay").description("the relay node of this installation");

  relay
    .command("show")
    .description("show the relay node's name, URL and the record to publish in ENS")
    .option("--json", "print JSON")
    .action(async (flags: JsonFlag) => {
      const { ensName, url } = readSettings([relaySettings], process.env)(relaySettings);
      const { publicKeys } = await withRelay(keysHere);
      const { recordText } = await import("../publishedRecord.js");
      const record = recordText({ ...publicKeys, url: url ?? "" });
      print(flags, { ensName, url, ...publicKeys, record: url === null ? null : record }, [
        `name    ${ensName ?? "none (RELAY_ENS_NAME)"}`,
        `url     ${url ?? "none (RELAY_URL)"}`,
        `record  network.dm3.deliveryService`,
        `        ${record}`,
      ]);
    });

  relay
    .command("prove")
    .description("prove that a name is this relay node's: prints its profile with the proof")
    .argument("[name]", "the ENS name to register it under (default: RELAY_ENS_NAME)")
    .option("--owner <address>", "the wallet that owns the name (default: it is its service's own)")
    .option("--listed", "let it be in public lists")
    .action(async (given: string | undefined, flags: ProveFlags) => {
      const settings = readSettings([relaySettings], process.env)(relaySettings);
      const { proveRelay } = await import("../proveRelay.js");
      const proven = await withRelay(async ({ pool, tables, secrets }) => {
        const { relayKeyPairs } = await import("../relayKeys.js");
        return proveRelay(await relayKeyPairs(pool, tables, secrets), settings, {
          ...{ name: given ?? null, owner: flags.owner ?? null, listed: flags.listed ?? false },
        });
      });
      print({ json: true }, proven, []);
    });

  relay
    .command("accounts")
    .description("list the accounts, and what waits for each")
    .option("--json", "print JSON")
    .action(async (flags: JsonFlag) => {
      const all = await withRelay(({ accounts }) => allAccounts(accounts));
      print(flags, all.map(describe), all.map(lineOf));
    });

  relay
    .command("remove-account")
    .description("take an account away, with all messages that wait for it, for good")
    .argument("<address>", "the account's address")
    .option("--json", "print JSON")
    .action(async (given: string, flags: JsonFlag) => {
      const address = parseAddress(given);
      const removed = await withRelay(({ accounts }) => accounts.removeAccount(address));
      if (!removed) throw noSuchAccount(address);
      print(flags, { address: checksumAddress(address), removed }, [
        `${checksumAddress(address)} has no account any more.`,
      ]);
    });
}

/** Brings the tables up to date first. Throws as `withInstallationPool`. */
async function withRelay<T>(work: (here: Here) => Promise<T>): Promise<T> {
  return withInstallationPool(async (pool) => {
    const locations = readSettings([sealingSettings], process.env)(sealingSettings);
    const sealing = await openSealing(pool, locations);
    try {
      const { schema } = await migrate(pool, await relayTablesWanted());
      const tables = relayTables(schema);
      const { secrets } = sealing;
      return await work({ pool, tables, secrets, accounts: accountStore(pool, tables) });
    } finally {
      sealing.close();
    }
  });
}

/** Made here where the service never started. */
async function keysHere({ pool, tables, secrets }: Here) {
  const { relayKeys } = await import("../relayKeys.js");
  return relayKeys(pool, tables, secrets);
}

async function allAccounts(accounts: AccountStore): Promise<readonly AccountUse[]> {
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

function lineOf({ address, name, messages, bytes }: AccountUse): string {
  return `${checksumAddress(address)}  ${name ?? "-"}  ${messages} messages, ${bytes} bytes`;
}

function noSuchAccount(address: Address): SignpostError {
  return new SignpostError(
    "NOT_FOUND",
    `${toHex(address)} has no account here; \`signpost relay accounts\` lists them.`,
    {},
  );
}
