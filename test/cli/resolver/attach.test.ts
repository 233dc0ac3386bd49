import { randomBytes } from "node:crypto";
import { expect } from "chai";
import { Contract, id, namehash } from "ethers";
import { ownArtifact } from "../../../src/chain/artifacts.js";
import { domainStore } from "../../../src/db/domainStore.js";
import { nameStore } from "../../../src/db/nameStore.js";
import { deployLocalEns } from "../../../src/demo/localEns.js";
import { parseAddress } from "../../../src/ens/address.js";
import { namehash as nodeOf } from "../../../src/ens/namehash.js";
import { addDomain } from "../../../src/registry/access/addDomain.js";
import { apiKeyFrom } from "../../../src/registry/domains/apiKey.js";
import { type MigratedPool, openMigratedPool } from "../../db/migratedPool.js";
import { putName } from "../../db/putName.js";
import { sampleName } from "../../db/sampleNames.js";
import { expectRejection } from "../../expectError.js";
import { type AdminWorld, deployOwn, newName, registryOf, startAdminWorld } from "./adminWorld.js";

const CANNOT_SET_RESOLVER = 8;
const PARENT_CANNOT_CONTROL = 1 << 16;
const IS_DOT_ETH = 1 << 17;
const DAY_SEC = 86_400;

describe("signpost resolver attach", () => {
  let world: AdminWorld;
  let wrapper: Contract;
  let wrapperAddress: string;
  let resolver: string;
  let owner: string;
  let operator: string;
  let stranger: string;
  let name: string;

  before(async () => {
    world = await startAdminWorld();
    resolver = await (await world.deploy()).getAddress();
    wrapper = await deployOwn(world.chain, "test/NameWrapperStandIn", world.ens.registry);
    wrapperAddress = await wrapper.getAddress();
    [, owner, operator, stranger] = world.accounts as [string, string, string, string];
  });
  beforeEach(() => (name = newName()));
  after(() => world.stop());

  const attach = (account: string, ...args: string[]) =>
    world.run(
      "attach",
      name,
      "--resolver",
      resolver,
      "--registry",
      world.ens.registry,
      "--rpc-account",
      account,
      "--yes",
      ...args,
    );
  const attachWrapped = (account: string, ...args: string[]) =>
    attach(account, "--name-wrapper", wrapperAddress, ...args);
  const resolverOfName = (): Promise<unknown> =>
    registryOf(world.ens, world.chain).getFunction("resolver").staticCall(namehash(name));
  const now = async () => (await world.chain.provider.getBlock("latest"))!.timestamp;

  /** `name`, held by the wrapper for `owner`. */
  async function wrap(fuses: number, expirySec: number): Promise<void> {
    await world.register(name, wrapperAddress);
    await (await wrapper.getFunction("wrap").send(namehash(name), owner, fuses, expirySec)).wait();
  }

  it("sets the resolver in the registry for the owner; again: nothing to do", async () => {
    await world.register(name, owner);
    const { out } = await attach(owner);
    expect(out).to.match(new RegExp(`resolver +none -> ${resolver}`));
    expect(out).to.include(`signpost doctor ${name}`);
    expect(await resolverOfName()).to.equal(resolver);
    const again = await attach(stranger);
    expect(again.out).to.equal(`Nothing to do: ${resolver} is the resolver of ${name} already.\n`);
  });

  it("lets an approved operator do it, and nobody else", async () => {
    await world.register(name, owner);
    const error = await expectRejection(
      attach(operator),
      "TRANSACTION_REFUSED",
      /has no right to .* Its owner in the ENS registry is .* can run this command, or approve/,
    );
    expect(error.details).to.deep.include({ name, owner, account: operator });
    const asOwner = registryOf(world.ens, world.chain, await world.chain.provider.getSigner(owner));
    await (await asOwner.getFunction("setApprovalForAll").send(operator, true)).wait();
    await attach(operator);
    expect(await resolverOfName()).to.equal(resolver);
  });

  it("says who can create a name that does not exist", async () => {
    await world.register("example.eth", owner);
    await expectRejection(
      attach(owner),
      "TRANSACTION_REFUSED",
      new RegExp(`${name} does not exist .* The owner of example\\.eth, ${owner}, can create it`),
    );
  });

  it("refuses where the UniversalResolver follows another registry, whose word counts for clients", async () => {
    await world.register(name, owner);
    const others = await deployLocalEns(world.chain.admin);
    await others.setResolver(name, resolver);
    await expectRejection(
      attach(owner, "--universal-resolver", others.universalResolver),
      "TRANSACTION_REFUSED",
      new RegExp(`names another resolver for ${name} than the registry ${world.ens.registry}`),
    );
    expect(await resolverOfName()).to.match(/^0x0{40}$/);
    await attach(owner, "--universal-resolver", world.ens.universalResolver);
    expect(await resolverOfName()).to.equal(resolver);
  });

  it("refuses what is no ENSIP-10 resolver", async () => {
    await world.register(name, owner);
    await expectRejection(
      attach(owner, "--resolver", world.ens.registry),
      "TRANSACTION_REFUSED",
      /does not answer for names below another: .*0x9061b923/,
    );
    expect(await resolverOfName()).to.match(/^0x0{40}$/);
  });

  it("goes through the NameWrapper for the wrapped name's owner and operators", async () => {
    await wrap(PARENT_CANNOT_CONTROL, (await now()) + DAY_SEC);
    await expectRejection(
      attachWrapped(stranger),
      "TRANSACTION_REFUSED",
      new RegExp(`Its owner in the NameWrapper is ${owner}`),
    );
    await attachWrapped(owner);
    expect(await resolverOfName()).to.equal(resolver);

    name = newName();
    await wrap(0, 0);
    const asOwner = wrapper.connect(await world.chain.provider.getSigner(owner));
    await (await asOwner.getFunction("setApprovalForAll").send(operator, true)).wait();
    await attachWrapped(operator);
    expect(await resolverOfName()).to.equal(resolver);
  });

  it("finds the NameWrapper by itself, whatever registry is given", async () => {
    await wrap(0, (await now()) + DAY_SEC);
    await attach(owner);
    expect(await resolverOfName()).to.equal(resolver);
  });

  it("refuses a wrapped name whose resolver is frozen, that is in grace, or that has expired", async () => {
    await wrap(PARENT_CANNOT_CONTROL | CANNOT_SET_RESOLVER, (await now()) + DAY_SEC);
    await expectRejection(
      attachWrapped(owner),
      "TRANSACTION_REFUSED",
      /the fuse CANNOT_SET_RESOLVER of .* is burnt\. Nobody can change .* until .* \(\d{4}-/,
    );
    await wrap(PARENT_CANNOT_CONTROL | IS_DOT_ETH, (await now()) + 89 * DAY_SEC);
    await expectRejection(
      attachWrapped(owner),
      "TRANSACTION_REFUSED",
      /has expired and is in its grace period until .* Renew it first/,
    );
    await wrap(PARENT_CANNOT_CONTROL, (await now()) - DAY_SEC);
    await expectRejection(
      attachWrapped(owner),
      "TRANSACTION_REFUSED",
      /is wrapped and has expired/,
    );
    expect(await resolverOfName()).to.match(/^0x0{40}$/);
  });

  it("asks for the registry on a chain whose registry it does not know", async () => {
    await expectRejection(
      world.run("attach", name, "--resolver", resolver, "--rpc-account", owner, "--yes"),
      "INVALID_REQUEST",
      /Chain 31337 has no ENS registry that we know\. Give its address with --registry/,
    );
    await expectRejection(
      attach(owner, "--registry", stranger),
      "INVALID_REQUEST",
      /There is no ENS registry at/,
    );
  });

  describe("of a .eth name that is registered", () => {
    const LABEL_ID = BigInt(id("registered"));
    let registrar: Contract;

    before(async () => {
      const { abi } = await ownArtifact("demo/Registrar");
      const ofEth = registryOf(world.ens, world.chain).getFunction("owner");
      const address = String(await ofEth.staticCall(namehash("eth")));
      registrar = new Contract(address, abi, world.chain.admin);
    });
    beforeEach(() => (name = "registered.eth"));

    const register = async (expirySec: number, registrant = owner) => {
      await (await registrar.getFunction("register").send(LABEL_ID, registrant, expirySec)).wait();
    };

    it("warns of the end of its registration, when there is nothing to do as well", async () => {
      await register((await now()) + 10 * DAY_SEC);
      expect((await attach(owner)).out).to.match(
        /The registration of registered\.eth ends in 9 days/,
      );
      const again = await attach(owner);
      expect(again.out).to.match(
        /Nothing to do: .* already\. The registration .* Renew registered\.eth/s,
      );
    });

    it("tells a seller that the buyer can take it back", async () => {
      await register((await now()) + 400 * DAY_SEC);
      const sold = registrar.getFunction("transferFrom");
      await (await sold.send(owner, operator, LABEL_ID)).wait();
      expect((await attach(owner)).out).to.match(
        /already\. registered\.eth is registered .* the registrant can take it back at any time/,
      );
    });

    it("refuses a name that anybody can register, unless told to", async () => {
      await register((await now()) - 100 * DAY_SEC);
      await expectRejection(
        attach(owner),
        "TRANSACTION_REFUSED",
        /anybody can register it.*Or use --although-lost/,
      );
      const { out } = await attach(owner, "--although-lost");
      expect(out).to.match(/^Nothing to do: .* anybody can register it/);
    });
  });

  describe("beside the service of the domain", () => {
    let database: MigratedPool;
    const urlBefore = process.env["DATABASE_URL"];

    before(async () => {
      database = await openMigratedPool();
      process.env["DATABASE_URL"] = database.url;
    });
    after(async () => {
      if (urlBefore === undefined) delete process.env["DATABASE_URL"];
      else process.env["DATABASE_URL"] = urlBefore;
      await database.close();
    });

    async function publish(domain: string, labels: readonly string[]) {
      const served = { domain, chainId: 31_337n, resolver: parseAddress(resolver) };
      await addDomain(domainStore(database.pool), served, apiKeyFrom(randomBytes(32)));
      for (const label of labels) {
        const full = `${label}.${domain}`;
        const row = { ...sampleName(label), domain, name: full, node: nodeOf(full) };
        await putName(nameStore(database.pool), row);
      }
    }

    it("tells before and after of published names with registry entries of their own", async () => {
      await world.register(name, owner);
      await publish(name, ["alice", "bob"]);
      await world.ens.setResolver(`bob.${name}`, stranger);
      await world.register(name, owner);
      const hidden = `Of 2 names that the service publishes below it, 1 stay hidden by registry entries with other resolvers: bob.${name} (${stranger}).`;
      expect((await attach(owner)).out).to.include(hidden);
      const again = await attach(owner);
      expect(again.out).to.match(/^Nothing to do: /);
      expect(again.out).to.include(hidden);
    });

    it("says nothing of names below a domain that the service does not have", async () => {
      await world.register(name, owner);
      expect((await attach(owner)).out).to.not.match(/publishes/);
    });

    it("says so when the database does not answer", async () => {
      process.env["DATABASE_URL"] = "postgresql://nobody@127.0.0.1:1/none";
      try {
        await world.register(name, owner);
        const { out } = await attach(owner);
        expect(out).to.match(/have registry entries of their own could not be found out\. /);
      } finally {
        process.env["DATABASE_URL"] = database.url;
      }
    });
  });
});
