import { expect } from "chai";
import { ContractFactory, namehash, ZeroAddress } from "ethers";
import { packagedArtifact } from "../../../src/chain/artifacts.js";
import { deployLocalEns } from "../../../src/demo/localEns.js";
import { expectRejection } from "../../expectError.js";
import { deployOwn, newName } from "./adminWorld.js";
import { DAY_SEC, FUSE, type NameWorld, startNameWorld, tokenOf } from "./nameWorld.js";

const { CANNOT_CREATE_SUBDOMAIN, PARENT_CANNOT_CONTROL, IS_DOT_ETH } = FUSE;

describe("what signpost resolver attach says when it refuses a name in ENSv1", () => {
  let world: NameWorld;
  let resolver: string;
  let owner: string;
  let buyer: string;
  let stranger: string;
  /** A .eth name, and one below it. */
  let parent: string;
  let name: string;

  before(async () => {
    world = await startNameWorld();
    resolver = await (await world.deploy()).getAddress();
    [, owner, buyer, stranger] = world.accounts as [string, string, string, string];
  });
  beforeEach(() => {
    parent = `${newName().split(".")[0]!}.eth`;
    name = `users.${parent}`;
  });
  after(() => world.stop());

  const attach = (attached: string, account: string, ...args: string[]) =>
    world.run(
      ...["attach", attached, "--resolver", resolver, "--registry", world.ens.registry],
      ...["--rpc-account", account, "--yes", ...args],
    );
  const refusal = async (attached: string, account: string, ...args: string[]) =>
    (await expectRejection(attach(attached, account, ...args), "TRANSACTION_REFUSED", /^Nothing/))
      .message;

  describe("a name that was sold without reclaim", () => {
    beforeEach(async () => {
      await world.registerEth(parent, owner, await world.in(400 * DAY_SEC));
      await world.sell(parent, buyer);
    });
    const reclaim = (account: string) => `Call reclaim(${tokenOf(parent).toString()}, ${account})`;

    it("tells the buyer to reclaim it, not to ask the seller", async () => {
      const said = await refusal(parent, buyer);
      expect(said).to.include(`${parent} is registered to ${buyer}`).and.include(reclaim(buyer));
      expect(said).to.include(`still names its former owner ${owner}`);
      expect(said).to.not.match(/The owner can run this command/);
    });

    it("tells the same to whom the buyer approved, for all names or for this one", async () => {
      const asBuyer = await world.registrarAs(buyer);
      const [, , , , operator, approved] = world.accounts as [...string[]];
      await (await asBuyer.getFunction("setApprovalForAll").send(operator, true)).wait();
      await (await asBuyer.getFunction("approve").send(approved, tokenOf(parent))).wait();
      for (const account of [operator!, approved!]) {
        expect(await refusal(parent, account)).to.include(reclaim(account));
      }
    });

    it("tells a stranger of both", async () => {
      const said = await refusal(parent, stranger);
      expect(said).to.include(`Its owner in the ENS registry is ${owner}`);
      expect(said).to.match(/the registrant can take it back at any time/);
    });
  });

  it("has the registrant reclaim a registered name that the registry does not know", async () => {
    await world.registerEth(parent, owner, await world.in(400 * DAY_SEC));
    const asOwner = await world.registryAs(owner);
    await (await asOwner.getFunction("setOwner").send(namehash(parent), ZeroAddress)).wait();
    const reclaim = `The registrant has to call reclaim(${tokenOf(parent).toString()}, ${owner})`;
    expect(await refusal(parent, owner))
      .to.include(reclaim)
      .and.not.include("can create");
    expect(await refusal(name, owner))
      .to.include(reclaim)
      .and.include(`and create ${name}`);
  });

  it("has a .eth name registered that nobody has, instead of asking the registrar to create it", async () => {
    for (const asked of [parent, name]) {
      expect(await refusal(asked, owner)).to.include(
        `${parent} is not registered. Register it in the ENS app`,
      );
    }
  });

  describe("a name that does not exist below a wrapped one", () => {
    const wrapParent = async (fuses: number, expirySec: number) => {
      await world.registerEth(parent, world.wrapperAddress, expirySec - 90 * DAY_SEC);
      await world.wrap(parent, owner, fuses | PARENT_CANNOT_CONTROL | IS_DOT_ETH, expirySec);
    };

    it("names the owner in the wrapper, and what creates it there", async () => {
      await wrapParent(0, await world.in(400 * DAY_SEC));
      const said = await refusal(name, owner);
      expect(said).to.include(
        `in the NameWrapper ${world.wrapperAddress}, ${owner}, can create it`,
      );
      expect(said)
        .to.match(/setSubnodeRecord/)
        .and.include(`Or attach ${parent} itself`);
      expect(await refusal(`alice.${name}`, owner)).to.include(
        `can create ${name}, whose owner can create the next`,
      );
    });

    it("says that a fuse forbids it", async () => {
      await wrapParent(CANNOT_CREATE_SUBDOMAIN, await world.in(400 * DAY_SEC));
      expect(await refusal(name, owner))
        .to.match(/the fuse CANNOT_CREATE_SUBDOMAIN of .* is burnt/)
        .and.not.include("setSubnodeRecord");
    });

    it("says that its grace period forbids it, and that it has expired", async () => {
      await wrapParent(0, await world.in(50 * DAY_SEC));
      expect(await refusal(name, owner)).to.match(/is in its grace period until .* Renew it first/);
      await wrapParent(0, await world.in(-DAY_SEC));
      expect(await refusal(name, owner, "--although-lost")).to.include(
        "is wrapped and has expired",
      );
    });
  });

  describe("a name that the NameWrapper holds for nobody", () => {
    const emancipated = PARENT_CANNOT_CONTROL | IS_DOT_ETH;

    it("past its grace period: has to be registered anew", async () => {
      await world.registerEth(parent, world.wrapperAddress, await world.in(-100 * DAY_SEC));
      await world.wrap(parent, owner, emancipated, await world.in(-10 * DAY_SEC));
      expect(await refusal(parent, owner, "--although-lost")).to.match(
        /registration and grace period have ended\. Register it anew/,
      );
    });

    it("expired below another: its owner can issue it again", async () => {
      await world.register(name, world.wrapperAddress);
      await world.wrap(name, owner, PARENT_CANNOT_CONTROL, await world.in(-DAY_SEC));
      expect(await refusal(name, owner)).to.include(
        `${name} is wrapped and has expired. The owner of ${parent} can issue it again.`,
      );
    });

    it("renewed past the wrapper: tells how the wrapper learns of it", async () => {
      await world.registerEth(parent, world.wrapperAddress, await world.in(400 * DAY_SEC));
      await world.wrap(parent, owner, emancipated, await world.in(-DAY_SEC));
      expect(await refusal(parent, owner)).to.match(
        /was renewed, but its NameWrapper does not know.*WrappedETHRegistrarController.* 0 seconds/,
      );
    });

    it("never wrapped: who can give it to somebody else", async () => {
      await world.register(name, world.wrapperAddress);
      expect(await refusal(name, owner)).to.include(
        `which never wrapped it. The owner of ${parent} can give ${name} to somebody else`,
      );
      await world.registerEth(parent, world.wrapperAddress, await world.in(400 * DAY_SEC));
      expect(await refusal(parent, owner)).to.match(/sent there by mistake, and nobody/);
      await world.sell(parent, buyer);
      expect(await refusal(parent, owner)).to.match(
        new RegExp(`registered to ${buyer}, but .*never wrapped it\\. The registrant has to call`),
      );
    });

    it("registered anew without reclaim: its registrant reclaims it", async () => {
      await world.registerEth(parent, world.wrapperAddress, await world.in(400 * DAY_SEC));
      await world.wrap(parent, owner, emancipated, await world.in(-DAY_SEC));
      await world.sell(parent, buyer);
      expect(await refusal(parent, buyer)).to.match(
        new RegExp(
          `registered to ${buyer}, but .*of its former owner\\. .*reclaim\\(\\d+, ${buyer}\\)`,
        ),
      );
    });

    it("in its grace period: has to be renewed", async () => {
      await world.registerEth(parent, world.wrapperAddress, await world.in(-10 * DAY_SEC));
      await world.wrap(parent, owner, emancipated, await world.in(-DAY_SEC));
      expect(await refusal(parent, owner)).to.match(/holds it for nobody\. Renew it first/);
    });
  });

  describe("--name-wrapper", () => {
    const refuses = (wrapper: string, sentence: RegExp) =>
      expectRejection(attach(name, owner, "--name-wrapper", wrapper), "INVALID_REQUEST", sentence);

    it("is checked against the chain, and the node is not blamed", async () => {
      await world.register(name, owner);
      await refuses(stranger, /no contract at .* Correct --name-wrapper or leave it away/);
      await refuses(resolver, /The contract at .* is no NameWrapper of the ENS registry/);
      const { registry } = await deployLocalEns(world.chain.admin);
      const other = await deployOwn(world.chain, "test/NameWrapperStandIn", registry);
      await refuses(await other.getAddress(), /is no NameWrapper of the ENS registry/);
      await attach(name, owner, "--name-wrapper", world.wrapperAddress);
    });

    it("of another registry that owns the name counts as any contract", async () => {
      const { registry } = await deployLocalEns(world.chain.admin);
      const other = await deployOwn(world.chain, "test/NameWrapperStandIn", registry);
      await world.register(name, await other.getAddress());
      expect(await refusal(name, owner)).to.match(/Its owner in the ENS registry is/);
    });
  });

  describe("a name that a contract owns", () => {
    it("in the registry or wrapped: points to --propose", async () => {
      const hint = /The owner is a contract: if it is a multisig, use --propose/;
      await world.register(name, resolver);
      expect(await refusal(name, stranger)).to.match(hint);
      await world.register(`wrapped.${parent}`, world.wrapperAddress);
      await world.wrap(`wrapped.${parent}`, resolver, 0, await world.in(DAY_SEC));
      expect(await refusal(`wrapped.${parent}`, stranger))
        .to.match(hint)
        .and.include(`Its owner in the NameWrapper is ${resolver}`);
    });

    it("is none where a key has only lent itself code (EIP-7702): it signs itself", async () => {
      const setCode = (code: string) => world.chain.provider.send("hardhat_setCode", [buyer, code]);
      await world.register(name, buyer);
      await setCode(`0xef0100${resolver.slice(2)}`);
      try {
        expect(await refusal(name, stranger)).to.not.include("--propose");
        await setCode("0xef");
        expect(await refusal(name, stranger)).to.include("--propose");
      } finally {
        await setCode("0x");
      }
    });
  });

  it("a name that is only in the registry from before 2020: who has to create it anew", async () => {
    // its ABI has marks that ethers complains of
    const { bytecode } = packagedArtifact(
      "@ensdomains/ens/build/contracts/ENSRegistryWithFallback.json",
    );
    const factory = new ContractFactory(["constructor(address)"], bytecode, world.chain.admin);
    const present = await (await factory.deploy(world.ens.registry)).waitForDeployment();
    const registry = ["--registry", await present.getAddress()];
    await world.register(name, owner);
    expect(await refusal(name, owner, ...registry)).to.match(
      new RegExp(
        `only in ENS's registry from before 2020: .* The owner of ${parent} has to create`,
      ),
    );
    await world.registerEth(parent, owner, await world.in(400 * DAY_SEC));
    expect(await refusal(parent, owner, ...registry)).to.match(
      /lets nobody change it\. The registrant has to call reclaim/,
    );
  });
});
