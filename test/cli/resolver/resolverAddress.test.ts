import { expect } from "chai";
import { type Contract, namehash } from "ethers";
import { expectRejection } from "../../expectError.js";
import { type AdminWorld, newName, startAdminWorld } from "./adminWorld.js";
import { type AdminV2, deployEnsV2 } from "./ensV2.js";
import { deployPublicResolver } from "./publicResolver.js";

describe("signpost resolver --resolver <name>", () => {
  let world: AdminWorld;
  let v2: AdminV2;
  let publicResolver: Contract;
  let resolver: string;
  let other: string;
  let name: string;

  before(async () => {
    world = await startAdminWorld();
    v2 = await deployEnsV2(world);
    publicResolver = await deployPublicResolver(world);
    resolver = await (await world.deploy()).getAddress();
    other = await (await world.deploy()).getAddress();
  });
  beforeEach(() => (name = newName()));
  after(() => world.stop());

  /** The resolver that the name leads to. */
  const leadsTo = async (given: string, ...args: string[]) => {
    const flags = ["--json", "--resolver", given, "--registry", world.ens.registry, ...args];
    const { out } = await world.run("show", ...flags);
    return (JSON.parse(out) as { resolver: string }).resolver;
  };
  /** On the public resolver. */
  const setAddress = async (address: string) => {
    await world.ens.setResolver(name, await publicResolver.getAddress());
    const set = publicResolver.getFunction("setAddr(bytes32,address)");
    await (await set.send(namehash(name), address)).wait();
  };

  it("is the resolver that the name is attached to", async () => {
    await world.ens.setResolver(name, resolver);
    expect(await leadsTo(name)).to.equal(resolver);
    expect(await leadsTo(name.toUpperCase().replace(/ETH$/, "eth"))).to.equal(resolver);
  });

  it("is the resolver whose address the name has, as names of contracts do", async () => {
    await setAddress(resolver);
    expect(await leadsTo(name)).to.equal(resolver);
    const attached = newName();
    await world.register(attached, world.accounts[1]!);
    await world.run(
      ...["attach", attached, "--resolver", name, "--registry", world.ens.registry],
      ...["--rpc-account", world.accounts[1]!, "--yes"],
    );
    expect(await leadsTo(attached)).to.equal(resolver);
  });

  it("follows ENSv2 where that decides over the name, and ENSv1 where it does not", async () => {
    const universal = ["--universal-resolver", v2.universalResolver];
    const label = name.split(".")[0]!;
    name = `${label}.eth`;
    await world.ens.setResolver(name, resolver);
    await v2.register(v2.eth, label, { resolver: v2.ensV1Resolver });
    expect(await leadsTo(name, ...universal)).to.equal(resolver);
    await v2.register(v2.eth, label, { owner: world.accounts[1]!, resolver: other });
    expect(await leadsTo(name, ...universal)).to.equal(other);
    expect(await leadsTo(name)).to.equal(resolver);
  });

  it("says what the name leads to instead", async () => {
    const show = () => leadsTo(name);
    await setAddress(world.accounts[1]!);
    const error = await expectRejection(
      show(),
      "INVALID_REQUEST",
      new RegExp(
        `${name} leads to no OffchainResolver: its resolver 0x.* is another contract, and its address ${world.accounts[1]!} is none\\. Give the resolver's address`,
      ),
    );
    expect(error.details).to.deep.equal({ name });
    // the resolver of a name above is not the name's own, and no gateway answers for it
    name = `below.${newName()}`;
    await world.ens.setResolver(name.slice("below.".length), await publicResolver.getAddress());
    await expectRejection(
      show(),
      "INVALID_REQUEST",
      /no resolver of its own in ENS, and no address/,
    );
  });

  it("asks no gateway about a name that is attached, which may be what has to be repaired", async () => {
    await world.ens.setResolver(name, resolver);
    // the gateway of these resolvers does not exist
    expect(await leadsTo(name)).to.equal(resolver);
    await expectRejection(leadsTo(`alice.${name}`), "UNREACHABLE", /gateway\.example/);
  });

  it("takes no text without a dot for a name", async () => {
    await expectRejection(
      leadsTo("0x12"),
      "INVALID_REQUEST",
      /an address \(0x and 40 hex.*got 0x12/,
    );
    await expectRejection(leadsTo("users"), "INVALID_REQUEST", /a full ENS name; got users/);
  });
});
