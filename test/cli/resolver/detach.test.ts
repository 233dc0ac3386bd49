import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { namehash, ZeroAddress } from "ethers";
import type { SafeBatch } from "../../../src/admin/safeBatch.js";
import { domainStore } from "../../../src/db/domainStore.js";
import { nameStore } from "../../../src/db/nameStore.js";
import { parseAddress } from "../../../src/ens/address.js";
import { addDomain } from "../../../src/registry/access/addDomain.js";
import { apiKeyFrom } from "../../../src/registry/domains/apiKey.js";
import { openMigratedPool } from "../../db/migratedPool.js";
import { putName } from "../../db/putName.js";
import { bytes, DOMAIN, sampleName } from "../../db/sampleNames.js";
import { expectRejection } from "../../expectError.js";
import { newName, registryOf } from "./adminWorld.js";
import { type AdminV2, deployEnsV2 } from "./ensV2.js";
import { DAY_SEC, type NameWorld, startNameWorld } from "./nameWorld.js";
import { deployPublicResolver } from "./publicResolver.js";
import { runResolver, sayingYesAfter } from "./runResolver.js";

describe("signpost resolver detach", () => {
  let world: NameWorld;
  let v2: AdminV2;
  let resolver: string;
  let publicResolver: string;
  let owner: string;
  let stranger: string;
  let name: string;
  let folder: string;
  const settingsBefore = { ...process.env };

  before(async () => {
    world = await startNameWorld();
    v2 = await deployEnsV2(world);
    resolver = await (await world.deploy()).getAddress();
    publicResolver = await (await deployPublicResolver(world)).getAddress();
    [, owner, stranger] = world.accounts as [string, string, string];
    folder = await mkdtemp(join(tmpdir(), "signpost-detach-"));
    process.env["SIGNPOST_DIR"] = folder;
    delete process.env["DATABASE_URL"];
  });
  beforeEach(() => {
    name = newName();
  });
  after(async () => {
    for (const key of ["SIGNPOST_DIR", "DATABASE_URL"]) {
      const value = settingsBefore[key];
      if (value === undefined) Reflect.deleteProperty(process.env, key);
      else process.env[key] = value;
    }
    await rm(folder, { recursive: true });
    await world.stop();
  });

  const on = () => ["--registry", world.ens.registry];
  const detach = (account: string, ...args: string[]) =>
    world.run("detach", name, ...on(), "--rpc-account", account, "--yes", ...args);
  const resolverOfName = (): Promise<unknown> =>
    registryOf(world.ens, world.chain).getFunction("resolver").staticCall(namehash(name));

  /** `name` for the owner, with this resolver. */
  async function attached(to = resolver): Promise<void> {
    await world.ens.setResolver(name, to);
    const registry = registryOf(world.ens, world.chain);
    await (await registry.getFunction("setOwner").send(namehash(name), owner)).wait();
  }

  it("takes our resolver off a name, and says what goes dark; again: nothing to do", async () => {
    await attached();
    const { out } = await detach(owner);
    expect(out).to.match(new RegExp(`resolver +${resolver} -> none`));
    expect(out).to.match(/every name below it without a resolver of its own, resolves no more/);
    expect(out).to.not.match(/This installation serves/);
    expect(await resolverOfName()).to.equal(ZeroAddress);
    expect((await detach(owner)).out).to.equal(
      `Nothing to do: ${name} has no resolver of its own.\n`,
    );
  });

  it("exchanges it for another one, and says whether that answers for names below", async () => {
    await attached();
    const other = await (await world.deploy()).getAddress();
    expect((await detach(owner, "--to", other)).out).to.include(
      `the names below it resolve to what ${other} says`,
    );
    expect(await resolverOfName()).to.equal(other);
    const { out } = await detach(owner, "--to", publicResolver);
    expect(out).to.include(`${publicResolver} answers for ${name} alone`);
    expect(out).to.include(`signpost doctor ${name}`);
    expect(await resolverOfName()).to.equal(publicResolver);
    expect((await detach(owner, "--to", publicResolver)).out).to.match(/^Nothing to do/);
  });

  it("leaves resolvers alone that are not ours, unless told to", async () => {
    await attached(publicResolver);
    const error = await expectRejection(
      detach(owner),
      "TRANSACTION_REFUSED",
      new RegExp(`${publicResolver}, is no OffchainResolver of Signpost.*--although-foreign`),
    );
    expect(error.details).to.deep.equal({ name, resolver: publicResolver });
    expect(await resolverOfName()).to.equal(publicResolver);
    await detach(owner, "--although-foreign");
    expect(await resolverOfName()).to.equal(ZeroAddress);
    await expectRejection(
      detach(owner, "--to", publicResolver),
      "TRANSACTION_REFUSED",
      /has no resolver that could be exchanged\. Use `signpost resolver attach`/,
    );
    await detach(owner, "--to", publicResolver, "--although-foreign");
    expect(await resolverOfName()).to.equal(publicResolver);
  });

  it("refuses strangers, and a successor that is no contract", async () => {
    await attached();
    await expectRejection(detach(stranger), "TRANSACTION_REFUSED", /has no right to/);
    await expectRejection(
      detach(owner, "--to", stranger),
      "TRANSACTION_REFUSED",
      /there is no contract at .* Check --to/,
    );
    expect(await resolverOfName()).to.equal(resolver);
  });

  it("goes through the NameWrapper for a wrapped name", async () => {
    await world.ens.setResolver(name, resolver);
    await world.wrap(name, owner, 0, await world.in(DAY_SEC));
    const registry = registryOf(world.ens, world.chain);
    const give = registry.getFunction("setOwner");
    await (await give.send(namehash(name), world.wrapperAddress)).wait();
    await detach(owner);
    expect(await resolverOfName()).to.equal(ZeroAddress);
  });

  it("goes into the registry of ENSv2 that decides over the name", async () => {
    await attached();
    const label = name.split(".")[0]!;
    name = `${label}.eth`;
    await v2.register(v2.eth, label, { owner, resolver });
    const universal = ["--universal-resolver", v2.universalResolver];
    await detach(owner, ...universal);
    expect(await v2.resolverOf(v2.eth, label)).to.equal(ZeroAddress);
    expect((await detach(owner, ...universal)).out).to.match(/has no resolver of its own/);
  });

  it("proposes the transaction to the owner's multisig", async () => {
    await attached();
    const file = join(folder, "batch.json");
    await world.run("detach", name, ...on(), "--propose", file);
    const { meta, transactions } = JSON.parse(await readFile(file, "utf8")) as SafeBatch;
    expect(meta.createdFromSafeAddress).to.equal(owner);
    expect(transactions[0]).to.deep.include({
      to: world.ens.registry,
      contractInputsValues: { node: namehash(name), resolver: ZeroAddress },
    });
    expect(await resolverOfName()).to.equal(resolver);
  });

  it("tells how many names the installation serves there, where it runs beside it", async () => {
    const database = await openMigratedPool();
    const { pool, url } = database;
    try {
      const served = { chainId: 31337n, resolver: parseAddress(resolver), domain: DOMAIN };
      await addDomain(domainStore(pool), served, apiKeyFrom(bytes(32, 7)));
      for (const label of ["alice", "bob"]) await putName(nameStore(pool), sampleName(label));
      process.env["DATABASE_URL"] = url;
      const told = async (asked: string) => {
        name = asked;
        await attached();
        const { out } = await detach(owner);
        return /This installation serves (\d+ names?) at and below/.exec(out)?.[1];
      };
      expect(await told(DOMAIN)).to.equal("2 names");
      expect(await told("example.eth")).to.equal("2 names");
      expect(await told(`alice.${DOMAIN}`)).to.equal("1 name");
      expect(await told(newName())).to.equal(undefined);

      // more of them than the question told
      name = DOMAIN;
      await attached();
      const before = await world.chain.provider.getTransactionCount(owner);
      await expectRejection(
        runResolver(
          world.chain.rpcUrl,
          ["detach", DOMAIN, ...on(), "--rpc-account", owner],
          sayingYesAfter(() => putName(nameStore(pool), sampleName("carol"))),
        ),
        "TRANSACTION_REFUSED",
        /^Nothing was sent: meanwhile other names depend on it/,
      );
      expect(await world.chain.provider.getTransactionCount(owner)).to.equal(before);
    } finally {
      delete process.env["DATABASE_URL"];
      await database.close();
    }
  });
});
