import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { expect } from "chai";
import { Contract, namehash, Wallet, ZeroAddress, ZeroHash } from "ethers";
import type { SafeBatch } from "../../../src/admin/safeBatch.js";
import { publishCommand } from "../../../src/cli/publish/publishCommand.js";
import { type Person, signUp } from "../../../src/demo/people.js";
import { resolveWithEthers } from "../../../src/demo/stockClient.js";
import { encodeDeliveryServiceRecord } from "../../../src/dm3/profile/profileRecord.js";
import { encodeDnsName } from "../../../src/ens/dnsName.js";
import { profileTransaction, resolveProfile } from "../../../src/sdk/node.js";
import { expectRejection } from "../../expectError.js";
import { relayProfile } from "../../lookup/scene.js";
import { deployOwn, newName } from "../resolver/adminWorld.js";
import { type AdminV2, deployEnsV2 } from "../resolver/ensV2.js";
import { DAY_SEC, FUSE, type NameWorld, startNameWorld } from "../resolver/nameWorld.js";
import { deployPublicResolver } from "../resolver/publicResolver.js";
import { type Run, runCommand } from "../resolver/runResolver.js";

const RELAY = "relay.eth";
const PROFILE_KEY = "network.dm3.profile";
const ALL_ROLES = 0xffn;
const ROLE_SET_TEXT = 1n << 4n;

describe("signpost publish --onchain", function () {
  this.timeout(180_000);
  let world: NameWorld;
  let v2: AdminV2;
  let publicResolver: Contract;
  let permissioned: Contract;
  let folder: string;
  let file: string;
  let owner: string;
  let stranger: string;
  let name: string;
  let alice: Person;
  /** Flags that say where ENS is. */
  let ens: string[];

  before(async () => {
    world = await startNameWorld();
    v2 = await deployEnsV2(world);
    publicResolver = await deployPublicResolver(world);
    permissioned = await deployOwn(world.chain, "test/PermissionedResolverStandIn");
    folder = await mkdtemp(join(tmpdir(), "signpost-publish-"));
    file = join(folder, "profile.json");
    [, owner, stranger] = world.accounts as [string, string, string];
    await own(RELAY, publicResolver, world.accounts[0]!);
    const relay = encodeDeliveryServiceRecord(relayProfile);
    await send(publicResolver, "setText", namehash(RELAY), "network.dm3.deliveryService", relay);
  });
  beforeEach(async () => {
    name = newName();
    ens = ["--registry", world.ens.registry];
    await give(await signUp([RELAY]));
  });
  after(async () => {
    await rm(folder, { recursive: true });
    await world.stop();
  });

  const send = async (contract: Contract, method: string, ...args: unknown[]) => {
    await (await contract.getFunction(method).send(...args)).wait();
  };
  const as = async (contract: Contract, account: string) =>
    new Contract(
      await contract.getAddress(),
      contract.interface,
      await world.chain.provider.getSigner(account),
    );
  /** `name` with this resolver, in ENSv1, for an owner. */
  const own = async (one: string, resolver: Contract, account: string) => {
    await world.ens.setResolver(one, await resolver.getAddress());
    const registry = await world.registryAs(world.accounts[0]!);
    await send(registry, "setOwner", namehash(one), account);
  };
  /** The profile that the command is given. */
  const give = async (person: Person) => {
    alice = person;
    await writeFile(file, `${JSON.stringify(person.signedUserProfile)}\n`);
  };
  /** addr(60) on ENS's public resolver. */
  const setAddress = async (address = alice.address as string) => {
    await send(
      await as(publicResolver, owner),
      "setAddr(bytes32,address)",
      namehash(name),
      address,
    );
  };
  const run = (...args: string[]): Promise<Run> => runWith(new PassThrough(), ...args);
  const runWith = (input: PassThrough, ...args: string[]): Promise<Run> =>
    runCommand(
      publishCommand,
      ["publish", name, "--onchain", ...ens, "--rpc", world.chain.rpcUrl, ...args],
      { input },
    );
  const by = (account: string) => ["--rpc-account", account, "--yes"];
  const publish = (account: string, ...args: string[]) =>
    run("--profile", file, ...by(account), ...args);
  const optionsOf = () => ({
    rpc: world.chain.rpcUrl,
    ensRegistry: world.ens.registry,
    ...(ens.length > 2 ? { universalResolver: v2.universalResolver } : {}),
  });
  const resolved = () => resolveProfile(name, { ...optionsOf(), relayNodes: "none" });
  const expectPublished = async () => {
    const outcome = await resolved();
    if (outcome.status !== "found") throw new Error(outcome.sentence);
    const { profile, signature, address } = outcome;
    expect({ profile, signature }).to.deep.equal(alice.signedUserProfile);
    expect(address).to.equal(alice.address);
  };
  const expectAbsent = async () => {
    expect((await resolved()).status).to.equal("absent");
  };

  it("publishes for the owner on ENS's public resolver, so that SDK and ethers find it; again: nothing to do", async () => {
    await own(name, publicResolver, owner);
    await setAddress();
    const { out } = await publish(owner);
    const { profile } = alice.signedUserProfile;
    expect(out).to.match(new RegExp(`Publish the DM3 profile of ${name} on its resolver 0x`));
    expect(out).to.include(`none -> ${profile.publicEncryptionKey}`);
    expect(out).to.match(/relay nodes +none -> relay\.eth/);
    expect(out).to.match(/costs +\d+ gas, about/);
    expect(out).not.to.include("!");
    await expectPublished();
    const { rpcUrl, chainId } = world.chain;
    const ensRegistry = world.ens.registry;
    const stock = await resolveWithEthers({ rpcUrl, chainId, ensRegistry }, name);
    expect(stock.record).to.match(/^data:application\/json,\{/);
    expect(stock.wallet).to.equal(alice.address);
    expect((await publish(owner)).out).to.equal(
      `Nothing to do: ${name} has exactly this profile already.\n`,
    );
  });

  it("takes the profile from standard input, and prints the result as JSON", async () => {
    await own(name, publicResolver, owner);
    await setAddress();
    const input = new PassThrough();
    input.end(await readFile(file));
    const { out } = await runWith(input, "--profile", "-", ...by(owner), "--json");
    const result = JSON.parse(out) as Record<string, Record<string, unknown>>;
    expect(result).to.deep.include({ outcome: "changed", name, chainId: "31337" });
    expect(result["state"]).to.deep.equal(result["after"]);
    expect(result["state"]).to.deep.include({
      address: [alice.address],
      deliveryServices: [RELAY],
    });
    await expectPublished();
  });

  it("replaces a profile, and puts none back that was there before unless told to", async () => {
    await own(name, publicResolver, owner);
    await setAddress();
    await publish(owner);
    const first = alice.signedUserProfile;
    const signedAgain = { ...first.profile, deliveryServices: [RELAY, "other.eth"] };
    await expectRejection(
      (async () => {
        await writeFile(file, JSON.stringify({ ...first, profile: signedAgain }));
        await publish(owner);
      })(),
      "WRONG_SIGNER",
      /was not signed by the wallet/,
    );

    const wallet = Wallet.createRandom();
    await give(await signUp([RELAY], wallet));
    await setAddress();
    await publish(owner);
    const older = await readFile(file);
    await give(await signUp([RELAY, "other.eth"], wallet));
    const replaced = await publish(owner);
    expect(replaced.out).to.match(/relay nodes +relay\.eth\n +\+ other\.eth/);
    expect(replaced.out).to.match(/! The relay node other\.eth cannot be used now/);
    await expectPublished();

    await writeFile(file, older);
    const error = await expectRejection(
      publish(owner),
      "TRANSACTION_REFUSED",
      /exactly this profile was published for .* before, in block \d+, and replaced or removed/,
    );
    expect(error.details).to.deep.include({ name });
    expect((await publish(owner, "--although-older")).exitStatus).to.equal(0);
  });

  it("removes it; again: nothing to do", async () => {
    await own(name, publicResolver, owner);
    await setAddress();
    await publish(owner);
    const { out } = await run("--remove", ...by(owner));
    expect(out).to.match(/Remove the DM3 profile of/);
    expect(out).to.include("Nobody can write to the name any more.");
    await expectAbsent();
    expect((await run("--remove", ...by(owner))).out).to.match(/Nothing to do: .* has no record/);
    await expectRejection(publish(owner), "TRANSACTION_REFUSED", /replaced or removed since/);
  });

  describe("whose wallet the name does not give", () => {
    beforeEach(() => own(name, publicResolver, owner));

    it("refuses, and offers to set the address, which it does in the same transaction", async () => {
      await expectRejection(
        publish(owner),
        "INVALID_PROFILE",
        /no Ethereum address.*--set-address/,
      );
      const sentBefore = await world.chain.provider.getTransactionCount(owner);
      const { out } = await publish(owner, "--set-address", alice.address);
      expect(out).to.match(new RegExp(`address +none -> ${alice.address}`));
      expect(await world.chain.provider.getTransactionCount(owner)).to.equal(sentBefore + 1);
      await expectPublished();
    });

    it("says what changes with the address", async () => {
      await setAddress(stranger);
      await expectRejection(publish(owner), "WRONG_SIGNER", /If another wallet signed/);
      await expectRejection(
        publish(owner, "--set-address", stranger),
        "WRONG_SIGNER",
        /was not signed by the wallet/,
      );
      const { out } = await publish(owner, "--set-address", alice.address);
      expect(out).to.include(`goes to ${alice.address} from then on, no longer to ${stranger}.`);
      await expectPublished();
    });
  });

  it("lets nobody else write, and says who can", async () => {
    await own(name, publicResolver, owner);
    await setAddress();
    const error = await expectRejection(
      publish(stranger),
      "TRANSACTION_REFUSED",
      new RegExp(`does not let ${stranger} write the records of ${name}.* The owner ${owner} can`),
    );
    expect(error.details).to.deep.include({ name, account: stranger, owner });
    await expectAbsent();
  });

  describe("of a wrapped name", () => {
    beforeEach(async () => {
      await own(name, publicResolver, world.wrapperAddress);
      await world.wrap(name, owner, 0, await world.in(DAY_SEC));
    });

    it("writes where the resolver knows the NameWrapper; one without multicall in two transactions", async () => {
      const aware = await deployOwn(
        world.chain,
        "test/WrapperAwareResolver",
        world.ens.registry,
        world.wrapperAddress,
      );
      await world.ens.setResolver(name, await aware.getAddress());
      const registry = await world.registryAs(world.accounts[0]!);
      await send(registry, "setOwner", namehash(name), world.wrapperAddress);
      const both = ["--profile", file, "--set-address", alice.address];
      const proposed = JSON.parse((await run(...both, "--propose", "-")).out) as SafeBatch;
      const methods = proposed.transactions.map(({ contractMethod }) => contractMethod?.name);
      expect(methods).to.deep.equal(["setAddr", "setText"]);
      const { out } = await publish(owner, "--set-address", alice.address, "--json");
      const { transaction } = JSON.parse(out) as { transaction: { earlier: { hash: string } } };
      expect(transaction.earlier.hash).to.match(/^0x/);
      await expectPublished();
      await expectRejection(run("--remove", ...by(stranger)), "TRANSACTION_REFUSED", /owner/);
    });

    it("asks who will send a proposal once nobody owns it", async () => {
      await world.wrap(name, owner, FUSE.PARENT_CANNOT_CONTROL, await world.in(-DAY_SEC));
      await expectRejection(
        run("--profile", file, "--set-address", alice.address, "--propose", "-"),
        "TRANSACTION_REFUSED",
        /who owns .* cannot be told\. Name with --safe who will send it/,
      );
    });

    it("says that a resolver is too old for it", () =>
      expectRejection(
        run("--profile", file, ...by(owner), "--set-address", alice.address),
        "TRANSACTION_REFUSED",
        /owns the name, so the resolver is of a kind .*older than the NameWrapper/,
      ));
  });

  describe("in ENSv2", () => {
    beforeEach(async () => {
      name = `${newName().split(".")[0]!}.eth`;
      ens.push("--universal-resolver", v2.universalResolver);
      const resolver = await permissioned.getAddress();
      await v2.register(v2.eth, name.split(".")[0]!, { owner, resolver });
      await send(permissioned, "setAddr", namehash(name), alice.address);
    });
    before(() => send(permissioned, "grant", ZeroHash, ALL_ROLES, world.accounts[0]!));

    it("writes for accounts with the role, also the address", async () => {
      await expectRejection(
        publish(owner),
        "TRANSACTION_REFUSED",
        /The ENSv2 registry or resolver does not let .* owns the name.*ROLE_SET_TEXT/s,
      );
      await send(permissioned, "grant", namehash(name), ROLE_SET_TEXT, owner);
      const { out } = await publish(owner);
      expect(out).to.include("! Clients without ENSv2 find no resolver for it.");
      await expectPublished();
      await give(await signUp([RELAY]));
      await send(permissioned, "grant", namehash(name), ALL_ROLES, owner);
      await publish(owner, "--set-address", alice.address);
      await expectPublished();
    });

    it("writes to ENSv1 for names that were not moved", async () => {
      name = `${newName().split(".")[0]!}.eth`;
      await v2.register(v2.eth, name.split(".")[0]!, { resolver: v2.ensV1Resolver });
      await own(name, publicResolver, owner);
      await publish(owner, "--set-address", alice.address);
      await expectPublished();
    });

    it("refuses an alias", async () => {
      const dnsNames = [name, "other.eth"].map((one) => encodeDnsName(one));
      await send(permissioned, "setAlias", ...dnsNames);
      await expectRejection(publish(owner), "NOT_WRITABLE", /Publish for other\.eth/);
    });
  });

  describe("where no transaction helps", () => {
    const expectNot = (reason: string, sentence: RegExp) =>
      expectRejection(publish(owner), "NOT_WRITABLE", sentence).then(({ details }) => {
        expect(details).to.deep.include({ name, reason });
      });

    it("says that the name has no resolver", async () => {
      await world.register(name, owner);
      await expectNot("no-resolver", /has no resolver in ENS/);
    });

    it("points to the service's API below an offchain resolver", async () => {
      await own(name, await world.deploy(), owner);
      await expectNot("offchain", /Publish through the API of the service/);
      name = `alice.${name}`;
      await expectNot("offchain", /Publish through the API of the service/);
    });

    it("points to the name above, whose resolver answers", async () => {
      await own(name, permissioned, owner);
      name = `alice.${name}`;
      await expectNot("resolver-of-parent", /Ask the owner of/);
    });
  });

  it("proposes to the owner, or another one, what profileTransaction gives as well", async () => {
    await own(name, publicResolver, owner);
    await setAddress();
    const { out } = await run("--profile", file, "--propose", "-");
    const { transactions, meta } = JSON.parse(out) as SafeBatch;
    expect(meta.createdFromSafeAddress).to.equal(owner);
    const given = await profileTransaction(name, alice.signedUserProfile, optionsOf());
    expect(transactions.map(({ to, data }) => ({ to, data, chainId: 31337 }))).to.deep.equal([
      given,
    ]);
    await expectAbsent();
    await expectRejection(
      run("--profile", file, "--propose", "-", "--safe", stranger),
      "TRANSACTION_REFUSED",
      /does not let/,
    );
    const signer = await world.chain.provider.getSigner(owner);
    await (await signer.sendTransaction(given)).wait();
    await expectPublished();
  });

  it("refuses what it cannot make sense of, before anybody is asked", async () => {
    const { rpcUrl } = world.chain;
    await expectRejection(
      runCommand(publishCommand, ["publish", name, "--profile", file, "--rpc", rpcUrl]),
      "INVALID_REQUEST",
      /Add --onchain/,
    );
    await expectRejection(run(), "INVALID_REQUEST", /either --profile <file> .* or --remove/);
    await expectRejection(
      run("--remove", "--set-address", ZeroAddress),
      "INVALID_REQUEST",
      /--set-address goes with --profile/,
    );
    await expectRejection(
      run("--profile", join(folder, "none.json")),
      "INVALID_REQUEST",
      /cannot be read/,
    );
    await writeFile(file, JSON.stringify({ signedUserProfile: alice.signedUserProfile }));
    await expectRejection(run("--profile", file), "INVALID_PROFILE", /its keys are secret/);
    await writeFile(file, JSON.stringify({ ...alice.signedUserProfile, signature: "0x" }));
    await expectRejection(run("--profile", file), "INVALID_PROFILE", /signature/);
    await writeFile(file, "x".repeat(40_000));
    await expectRejection(run("--profile", file), "INVALID_PROFILE", /longer than/);
    const { profile, signature } = alice.signedUserProfile;
    const bad = { ...profile, deliveryServices: ["Relay.eth"] };
    await writeFile(file, JSON.stringify({ profile: bad, signature }));
    await expectRejection(run("--profile", file), "INVALID_PROFILE", /deliveryServices/);
  });

  it("tells of a record that is no profile", async () => {
    await own(name, publicResolver, owner);
    await setAddress();
    const node = namehash(name);
    await send(await as(publicResolver, owner), "setText", node, PROFILE_KEY, "hello");
    const { out } = await publish(owner);
    expect(out).to.include("What is there now holds no profile that we can compare: hello");
    await expectPublished();
  });
});
