/** `signpost signer rotate` on an embedded Postgres while no service runs: its question does not keep one from starting. */
import { expect } from "chai";
import { registryTables } from "../../../src/capabilities/registry/migrations.js";
import { rotateCommand } from "../../../src/cli/signer/rotateCommand.js";
import { domainStore } from "../../../src/db/domainStore.js";
import { migrate } from "../../../src/db/migrate.js";
import { openPool } from "../../../src/db/pool.js";
import { type LocalChain, startLocalChain } from "../../../src/demo/localChain.js";
import { parseAddress } from "../../../src/ens/address.js";
import { type Database, startDatabase } from "../../../src/installation/database.js";
import { addDomain } from "../../../src/registry/access/addDomain.js";
import { apiKeyFrom } from "../../../src/registry/domains/apiKey.js";
import type { InstallationConfig } from "../../../src/settings/installationSettings.js";
import { removeFolder, temporaryFolder } from "../../childProgram.js";
import { bytes } from "../../db/sampleNames.js";
import { deployOwn, newAddress } from "../resolver/adminWorld.js";
import { runCommand, sayingYesAfter } from "../resolver/runResolver.js";

describe("signpost signer rotate, on an embedded Postgres", function () {
  this.timeout(120_000);
  const [old, next] = [newAddress(), newAddress()];
  const settingsBefore = process.env;
  let chain: LocalChain;
  let directory: string;
  let config: InstallationConfig;
  let contract: Awaited<ReturnType<typeof deployOwn>>;
  let admin: string;

  before(async () => {
    chain = await startLocalChain();
    admin = await chain.admin.getAddress();
    contract = await deployOwn(
      chain,
      "OffchainResolver",
      admin,
      [old],
      ["https://a.b/{data}"],
      300,
    );
    directory = await temporaryFolder();
    config = { directory, secrets: { databaseUrl: null } } as unknown as InstallationConfig;
    const database = await startDatabase(config);
    const pool = openPool({ url: database.url });
    await migrate(pool, await registryTables());
    const resolver = parseAddress(await contract.getAddress());
    const served = { domain: "a.eth", chainId: chain.chainId, resolver };
    await addDomain(domainStore(pool), served, apiKeyFrom(bytes(32, 1)));
    await pool.end();
    await database.stop();
    process.env = {
      ...settingsBefore,
      SIGNPOST_DIR: directory,
      CHAIN_RPC_URLS: `31337=${chain.rpcUrl}`,
    };
    delete process.env["DATABASE_URL"];
  });
  after(async () => {
    process.env = settingsBefore;
    await chain.stop();
    await removeFolder(directory);
  });

  it("lets a service start while a question waits, and goes on beside it: 0", async () => {
    const started: unknown[] = [];
    const audience = sayingYesAfter(() =>
      startDatabase(config).then(
        (service) => started.push(service),
        (error: unknown) => started.push(error),
      ),
    );
    const args = ["signer", "rotate", next, "--rpc-account", admin];
    const { exitStatus, out, err } = await runCommand(rotateCommand, args, audience);
    const [service] = started;
    if (service === undefined || service instanceof Error) throw service ?? new Error(err);
    await (service as Database).stop();
    expect(exitStatus, err).to.equal(0);
    expect(out).to.include(`Every resolver takes ${next}.`);
    expect(await contract.getFunction("signers").staticCall()).to.deep.equal([old, next]);
  });
});
