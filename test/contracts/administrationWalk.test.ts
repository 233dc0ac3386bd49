import { expect } from "chai";
import {
  type Contract,
  deployResolver,
  ethers,
  gatewaySignerAddress,
  MAX_VALIDITY_SEC,
  read,
  send,
  URLS,
} from "./deployment.js";
import { drawCall, type Random, type Settings } from "./settingsModel.js";

const STEPS = 450;
const SEED = 0x5191705;
/** Every call that changes something, and the one that never may. */
const CALLS = 9;

/** mulberry32: small, and the same walk on every machine. */
function seededRandom(seed: number): Random {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

async function settingsOf(resolver: Contract): Promise<Settings> {
  const [metadataUrls, chainId, baseRegistry] = (await read(resolver, "metadata", "0x00")) as [
    string[],
    bigint,
    string,
  ];
  expect([chainId, baseRegistry]).to.deep.equal([0n, ethers.ZeroAddress]);
  return {
    owner: (await read(resolver, "owner")) as string,
    pendingOwner: (await read(resolver, "pendingOwner")) as string,
    signers: new Set((await read(resolver, "signers")) as string[]),
    urls: (await read(resolver, "urls")) as string[],
    maxValiditySec: (await read(resolver, "maxValiditySec")) as bigint,
    metadataUrls,
    operationUrl: (await read(resolver, "operationUrl")) as string,
  };
}

describe("A random walk of administration calls to OffchainResolver", () => {
  it("agrees with a model at every step, and never empties owner, signers or URLs", async function () {
    this.timeout(360_000);
    const random = seededRandom(SEED);
    const accounts = (await ethers.getSigners()).slice(0, 3);
    const resolver = await deployResolver();
    const address = await resolver.getAddress();
    const model: Settings = {
      owner: accounts[0]!.address,
      pendingOwner: ethers.ZeroAddress,
      signers: new Set([gatewaySignerAddress]),
      urls: URLS,
      maxValiditySec: MAX_VALIDITY_SEC,
      metadataUrls: [],
      operationUrl: "",
    };
    const accepted = new Set<string>();
    const refused = new Set<string>();

    for (let step = 0; step < STEPS; step++) {
      // mostly the owner, or the walk would hardly move
      const owner = accounts.find((account) => account.address === model.owner)!;
      const caller = random(4) > 0 ? owner : accounts[random(accounts.length)]!;
      const around = {
        resolver: address,
        caller: caller.address,
        accounts: accounts.map((account) => account.address),
      };
      const { name, values, refusal, change } = drawCall(random, around, model);
      const asCaller = await ethers.getContractAt("OffchainResolver", address, caller);
      const call = send(asCaller, name, ...values);
      if (refusal === null) {
        await call;
        change();
        accepted.add(name);
      } else {
        await expect(call).to.be.revertedWithCustomError(resolver, refusal);
        refused.add(`${name}: ${refusal}`);
      }

      const actual = await settingsOf(resolver);
      expect(actual, `after step ${step.toString()}, ${name}`).to.deep.equal(model);
      expect(actual.owner).to.not.equal(ethers.ZeroAddress);
      expect(actual.signers).to.not.be.empty;
      expect(actual.urls).to.not.be.empty;
    }
    // the walk is long enough: it has met every call, and every reason to refuse one
    expect(accepted).to.have.length(CALLS - 1);
    expect([...refused].sort()).to.deep.equal(EVERY_REFUSAL);
  });
});

const STRANGER = "OwnableUnauthorizedAccount";
const URL_REFUSALS = ["InsecureUrl", "InvalidUrlLength", "RepeatedPlaceholder"];
const REFUSALS: Record<string, string[]> = {
  addSigner: ["DuplicateSigner", "ZeroSigner", STRANGER],
  removeSigner: ["LastSigner", "UnknownSigner", STRANGER],
  setUrls: ["InvalidUrlCount", ...URL_REFUSALS, STRANGER],
  setMetadataUrls: ["InvalidUrlCount", ...URL_REFUSALS, STRANGER],
  setOperationUrl: ["InsecureUrl", "RepeatedPlaceholder", STRANGER],
  setMaxValidity: ["InvalidMaxValidity", STRANGER],
  transferOwnership: [STRANGER],
  acceptOwnership: [STRANGER],
  renounceOwnership: ["OwnershipNotRenounceable"],
};
const EVERY_REFUSAL = Object.entries(REFUSALS)
  .flatMap(([name, refusals]) => refusals.map((refusal) => `${name}: ${refusal}`))
  .sort();
