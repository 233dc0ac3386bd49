import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { namehash, ZeroAddress } from "ethers";
import type { SafeBatch } from "../../../src/admin/safeBatch.js";
import { expectRejection } from "../../expectError.js";
import { type AdminWorld, newName, registryOf, startAdminWorld } from "./adminWorld.js";
import { type AdminV2, deployEnsV2, idOf, ROLE_SET_RESOLVER } from "./ensV2.js";

describe("signpost resolver attach in ENSv2", () => {
  let world: AdminWorld;
  let v2: AdminV2;
  let resolver: string;
  let owner: string;
  let operator: string;
  let stranger: string;
  let label: string;
  let name: string;

  before(async () => {
    world = await startAdminWorld();
    v2 = await deployEnsV2(world);
    resolver = await (await world.deploy()).getAddress();
    [, owner, operator, stranger] = world.accounts as [string, string, string, string];
  });
  beforeEach(() => {
    [label] = newName().split(".") as [string];
    name = `${label}.eth`;
  });
  after(() => world.stop());

  const attach = (account: string, ...args: string[]) =>
    world.run("attach", name, ...target(), "--rpc-account", account, "--yes", ...args);
  const target = () => [
    ...["--resolver", resolver, "--registry", world.ens.registry],
    ...["--universal-resolver", v2.universalResolver],
  ];
  const send = async (method: string, ...args: unknown[]) => {
    await (await v2.eth.getFunction(method).send(...args)).wait();
  };
  const resolverInV1 = (): Promise<unknown> =>
    registryOf(world.ens, world.chain).getFunction("resolver").staticCall(namehash(name));

  it("sets the resolver in the registry of ENSv2 for the owner; again: nothing to do", async () => {
    await v2.register(v2.eth, label, { owner });
    await world.register(name, owner);
    const { out } = await attach(owner);
    expect(out).to.match(new RegExp(`resolver +none -> ${resolver}`));
    expect(await v2.resolverOf(v2.eth, label)).to.equal(resolver);
    expect(await resolverInV1()).to.equal(ZeroAddress);
    const again = await attach(stranger);
    expect(again.out).to.equal(`Nothing to do: ${resolver} is the resolver of ${name} already.\n`);
  });

  it("lets accounts do it that were given the role, for the name or for the whole registry", async () => {
    await v2.register(v2.eth, label, { owner });
    await send("grantRoles", idOf(label), ROLE_SET_RESOLVER, operator);
    await attach(operator);
    expect(await v2.resolverOf(v2.eth, label)).to.equal(resolver);

    await v2.register(v2.eth, label, { owner });
    const registrar = world.accounts[5]!;
    await send("grantRootRoles", ROLE_SET_RESOLVER, registrar);
    await attach(registrar);
    expect(await v2.resolverOf(v2.eth, label)).to.equal(resolver);
  });

  it("refuses strangers before anything is sent, and says who can", async () => {
    await v2.register(v2.eth, label, { owner });
    const registry = await v2.eth.getAddress();
    const error = await expectRejection(
      attach(stranger),
      "TRANSACTION_REFUSED",
      new RegExp(
        `Nothing was sent: ${stranger} has no right to ${name} in the ENSv2 registry ${registry}\\. Its owner ${owner} can run this command, or give the account ROLE_SET_RESOLVER`,
      ),
    );
    expect(error.details).to.deep.equal({ name, account: stranger, owner, registry });
    expect(await v2.resolverOf(v2.eth, label)).to.equal(ZeroAddress);
  });

  it("says that the owner himself has lost the role, as after a migration with CANNOT_SET_RESOLVER", async () => {
    await v2.register(v2.eth, label, { owner, roles: 0n });
    const lost = new RegExp(`The owner of ${name}, ${owner}, has no ROLE_SET_RESOLVER`);
    await expectRejection(attach(owner), "TRANSACTION_REFUSED", lost);
    await expectRejection(
      world.run("attach", name, ...target(), "--propose", "-"),
      "TRANSACTION_REFUSED",
      /has no ROLE_SET_RESOLVER in the ENSv2 registry .* Name one of them with --safe/,
    );
  });

  it("points a contract that owns the name to --propose", async () => {
    await v2.register(v2.eth, label, { owner: world.ens.registry });
    await expectRejection(attach(stranger), "TRANSACTION_REFUSED", /multisig, use --propose/);
  });

  it("writes to ENSv1 where ENSv2 hands the name on to it: reserved names, and names below them", async () => {
    await v2.register(v2.eth, label, { resolver: v2.ensV1Resolver });
    for (const served of [name, `users.${name}`]) {
      name = served;
      await world.register(name, owner);
      await attach(owner);
      expect(await resolverInV1()).to.equal(resolver);
    }
    expect(await v2.resolverOf(v2.eth, label)).to.equal(v2.ensV1Resolver);
  });

  it("writes to ENSv1 below a registered name whose resolver hands on to it, and to ENSv2 for that name", async () => {
    await v2.register(v2.eth, label, { owner, resolver: v2.ensV1Resolver });
    name = `users.${label}.eth`;
    await world.register(name, owner);
    await attach(owner);
    expect(await resolverInV1()).to.equal(resolver);
    name = `${label}.eth`;
    await attach(owner);
    expect(await v2.resolverOf(v2.eth, label)).to.equal(resolver);
  });

  it("refuses a name that is reserved without ENSv1 behind it", async () => {
    await v2.register(v2.eth, label, { resolver });
    await expectRejection(
      attach(owner, "--resolver", await (await world.deploy()).getAddress()),
      "TRANSACTION_REFUSED",
      /in the ENSv2 registry 0x.* is only reserved there: nobody owns it yet/,
    );
  });

  it("refuses a name that is not registered, or not any more", async () => {
    await world.register(name, owner);
    await expectRejection(
      attach(owner),
      "TRANSACTION_REFUSED",
      new RegExp(`${name} is not registered in ENSv2, .* Register ${name} first`),
    );
    await v2.register(v2.eth, label, { owner, expirySec: 86_400n });
    await expectRejection(
      attach(owner),
      "TRANSACTION_REFUSED",
      /It ended on 1970-01-02\. Renew or/,
    );
    name = `users.${name}`;
    await expectRejection(
      attach(owner),
      "TRANSACTION_REFUSED",
      new RegExp(`${name} does not exist without it\\. Renew or register ${label}\\.eth first`),
    );
    expect(await resolverInV1()).to.equal(ZeroAddress);
  });

  it("says that a name below a name without a registry has no entry, and offers the latter", async () => {
    await v2.register(v2.eth, label, { owner });
    name = `users.${label}.eth`;
    await world.register(name, owner);
    await expectRejection(
      attach(owner),
      "TRANSACTION_REFUSED",
      new RegExp(
        `${label}\\.eth has no registry for names below it\\. Attach ${label}\\.eth itself`,
      ),
    );
    expect(await resolverInV1()).to.equal(ZeroAddress);
  });

  it("goes into the registry of the name above where there is one", async () => {
    const registry = await v2.newRegistry();
    await v2.register(v2.eth, label, { owner, registry });
    name = `users.${label}.eth`;
    await expectRejection(
      attach(owner),
      "TRANSACTION_REFUSED",
      new RegExp(`Register ${name} first, or attach ${label}\\.eth, whose resolver answers`),
    );
    await v2.register(registry, "users", { owner });
    await attach(owner);
    expect(await v2.resolverOf(registry, "users")).to.equal(resolver);
  });

  it("does not touch registries of another kind", async () => {
    const registry = registryOf(world.ens, world.chain);
    await v2.register(v2.eth, label, { owner, registry });
    name = `users.${label}.eth`;
    await expectRejection(
      attach(owner),
      "INVALID_REQUEST",
      /which is of a kind that we do not know/,
    );
  });

  it("tells that the registration ends soon, and what ends with it", async () => {
    const { timestamp } = (await world.chain.provider.getBlock("latest"))!;
    const expirySec = BigInt(timestamp + 20 * 86_400);
    await v2.register(v2.eth, label, { owner, expirySec });
    expect((await attach(owner)).out).to.match(
      new RegExp(`The registration of ${name} ends on .*all names below it end at once`),
    );
    expect((await attach(owner)).out).to.match(/Nothing to do.*end at once then\. Renew it\./s);
  });

  it("proposes the transaction to the owner's multisig", async () => {
    await v2.register(v2.eth, label, { owner });
    const folder = await mkdtemp(join(tmpdir(), "signpost-v2-"));
    try {
      const file = join(folder, "batch.json");
      await world.run("attach", name, ...target(), "--propose", file);
      const batch = JSON.parse(await readFile(file, "utf8")) as SafeBatch;
      expect(batch.meta.createdFromSafeAddress).to.equal(owner);
      const [transaction] = batch.transactions;
      expect(transaction?.to).to.equal(await v2.eth.getAddress());
      expect(transaction?.contractInputsValues).to.deep.equal({
        anyId: idOf(label).toString(),
        resolver,
      });
      expect(await v2.resolverOf(v2.eth, label)).to.equal(ZeroAddress);
      const { to, value, data } = transaction!;
      const multisig = await world.chain.provider.getSigner(owner);
      await (await multisig.sendTransaction({ to, value, data })).wait();
      expect(await v2.resolverOf(v2.eth, label)).to.equal(resolver);
    } finally {
      await rm(folder, { recursive: true });
    }
    await v2.register(v2.eth, label, { owner });
    await expectRejection(
      world.run("attach", name, ...target(), "--propose", "-", "--safe", stranger),
      "TRANSACTION_REFUSED",
      new RegExp(`${stranger} has no right to ${name}`),
    );
  });

  it("reads back what clients see, and says by what to look again", async () => {
    const registry = await v2.newRegistry("test/DeafRegistryV2");
    await v2.register(v2.eth, label, { owner, registry });
    await v2.register(registry, "users", { owner });
    name = `users.${label}.eth`;
    const error = await expectRejection(
      attach(owner),
      "TRANSACTION_FAILED",
      new RegExp(`stands, but these fields read back differently: resolver.*doctor ${name}`),
    );
    expect(error.details).to.deep.include({ state: { resolver: [] } });
  });
});
