import { expect } from "chai";
import { toHex } from "../../src/abi/hex.js";
import type { SignedUserProfile } from "../../src/dm3/profile/profile.js";
import { encodeDnsName } from "../../src/ens/dnsName.js";
import { namehash } from "../../src/ens/namehash.js";
import {
  profileTransaction,
  type ProfileTransactionOptions,
  resolveProfile,
} from "../../src/sdk/node.js";
import { type Contract, deploy, deployResolver, ethers, send } from "../contracts/deployment.js";
import { aliceAddress, people, signedByAlice } from "../dm3/profile/sampleProfiles.js";
import { expectRejection } from "../expectError.js";
import { createEnsV2World, type EnsV2World } from "./ensV2World.js";
import { deployEns, type LocalEns, provider } from "./localEns.js";

const ALL_ROLES = 0xffn;
const ALICE = toHex(aliceAddress);

describe("profileTransaction", () => {
  let ens: LocalEns;
  let v2: EnsV2World;
  let permissioned: Contract;
  let options: ProfileTransactionOptions;
  let name: string;
  let count = 0;
  const signed = signedByAlice({ ...people.alice.profile, deliveryServices: ["relay.eth"] });

  before(async () => {
    ens = await deployEns();
    v2 = await createEnsV2World(ens);
    permissioned = await deploy("PermissionedResolverStandIn");
    const [owner] = await ethers.getSigners();
    await send(permissioned, "grant", ethers.ZeroHash, ALL_ROLES, owner!.address);
  });
  beforeEach(() => {
    options = { rpc: provider, ensRegistry: ens.ensRegistry };
    name = `name${(count += 1).toString()}.eth`;
  });

  const inV2 = () => ({ ...options, universalResolver: v2.universalResolverV2 });
  const found = async () => {
    const outcome = await resolveProfile(name, { ...options, relayNodes: "none" });
    if (outcome.status !== "found") return outcome.status;
    return { profile: outcome.profile, signature: outcome.signature };
  };
  /** Sends it as a wallet does, from the account that owns all names here. */
  async function sendAs(given: SignedUserProfile | null): Promise<string> {
    const { to, data, chainId } = await profileTransaction(name, given, options);
    expect(chainId).to.equal(31337);
    const [owner] = await ethers.getSigners();
    await (await owner!.sendTransaction({ to, data, chainId })).wait();
    return to;
  }

  it("publishes on ENS's public resolver, and removes", async () => {
    await ens.setResolver(name, ens.publicResolver);
    await ens.setAddress(name, ALICE);
    expect(await sendAs(signed)).to.equal(await ens.publicResolver.getAddress());
    expect(await found()).to.deep.equal(signed);
    await sendAs(null);
    expect(await found()).to.equal("absent");
  });

  it("publishes on a resolver of ENSv2, and on the one of ENSv1 that ENSv2 asks for names that were not moved", async () => {
    options = inV2();
    const label = name.split(".")[0]!;
    await v2.register(label, await permissioned.getAddress());
    await send(permissioned, "setAddr", toHex(namehash(name)), ALICE);
    expect(await sendAs(signed)).to.equal(await permissioned.getAddress());
    expect(await found()).to.deep.equal(signed);

    name = `reserved.eth`;
    await v2.reserve("reserved");
    await ens.setResolver(name, ens.publicResolver);
    await ens.setAddress(name, ALICE);
    expect(await sendAs(signed)).to.equal(await ens.publicResolver.getAddress());
    expect(await found()).to.deep.equal(signed);
  });

  it("takes none but the profile of the wallet at the name's address", async () => {
    await ens.setResolver(name, ens.publicResolver);
    const noAddress = await expectRejection(
      profileTransaction(name, signed, options),
      "INVALID_PROFILE",
      /has no Ethereum address/,
    );
    expect(noAddress.details).to.deep.equal({ check: "name-address" });
    await ens.setAddress(name, people.bob.address);
    const other = await expectRejection(
      profileTransaction(name, signed, options),
      "WRONG_SIGNER",
      /was not signed by the wallet/,
    );
    expect(other.details.expected).to.equal(people.bob.address);
    const malformed = { ...signed, signature: "0x" };
    await expectRejection(
      profileTransaction(name, malformed, options),
      "INVALID_PROFILE",
      /signature/,
    );
  });

  describe("says why no transaction can write the record:", () => {
    const expectReason = async (reason: string, sentence: RegExp) => {
      const error = await expectRejection(
        profileTransaction(name, signed, options),
        "NOT_WRITABLE",
        sentence,
      );
      expect(error.details).to.deep.include({ name, reason });
    };

    it("no resolver", () => expectReason("no-resolver", /has no resolver in ENS/));

    it("a resolver that is no contract", async () => {
      await ens.setResolver(name, new ethers.Contract(ALICE, []));
      await expectReason("no-contract", /is no contract on this chain/);
    });

    it("a gateway that answers, for the name itself and for names below it", async () => {
      await ens.setResolver(name, await deployResolver({}));
      await expectReason("offchain", /answered offchain.*Publish through the API of the service/);
      name = `alice.${name}`;
      await expectReason("offchain", /by the gateways of the resolver 0x\w{40} of name\d+\.eth:/);
    });

    it("a resolver that answers for the names below its own", async () => {
      await ens.setResolver(name, permissioned);
      name = `alice.${name}`;
      await expectReason("resolver-of-parent", /no resolver of its own: the one of name\d+\.eth/);
    });

    it("an alias", async () => {
      await ens.setResolver(name, permissioned);
      const dnsNames = [name, "other.eth"].map((one) => toHex(encodeDnsName(one)));
      await send(permissioned, "setAlias", ...dnsNames);
      await expectReason("alias", /shows the records of other\.eth for .*Publish for other\.eth/);
    });
  });

  it("refuses options that it does not know, and names that are none", async () => {
    const misspelt = { ...options, registry: "0x" };
    await expectRejection(
      profileTransaction(name, signed, misspelt),
      "INVALID_REQUEST",
      /no option registry/,
    );
    await expectRejection(
      profileTransaction("a..eth", signed, options),
      "INVALID_NAME",
      /a\.\.eth/,
    );
  });
});
