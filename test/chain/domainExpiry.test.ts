import { expect } from "chai";
import { domainExpirySec } from "../../src/chain/domainExpiry.js";
import { parseAddress } from "../../src/ens/address.js";
import { namehash } from "../../src/ens/namehash.js";
import { Deadline } from "../../src/fetch/deadline.js";
import { type Contract, deploy, ethers, send } from "../contracts/deployment.js";
import { entry } from "../lookup/ensV2World.js";
import { createEnsV2World, type EnsV2World } from "../lookup/ensV2World.js";
import { deployEns, type LocalEns, provider } from "../lookup/localEns.js";

const DOMAIN = "users.example.eth";
const YEAR_SEC = 31_536_000n;

describe("chain/domainExpiry", () => {
  let ens: LocalEns;
  let ensV2: EnsV2World;
  let registrar: Contract;
  let nowSec: bigint;

  beforeEach(async () => {
    ens = await deployEns();
    ensV2 = await createEnsV2World(ens);
    nowSec = BigInt((await ethers.provider.getBlock("latest"))!.timestamp);
    registrar = await deploy("Registrar", ens.ensRegistry, namehash("eth"));
    await ens.setResolver(DOMAIN, ens.publicResolver);
    const registry = await ethers.getContractAt(
      ["function setSubnodeOwner(bytes32, bytes32, address)"],
      ens.ensRegistry,
    );
    const address = await registrar.getAddress();
    await send(registry, "setSubnodeOwner", ethers.ZeroHash, ethers.id("eth"), address);
    const [owner] = await ethers.getSigners();
    await send(registrar, "register", BigInt(ethers.id("example")), owner!.address, nowSec + 99n);
  });

  const expiry = (universalResolver: string | null, domain = DOMAIN) =>
    domainExpirySec(
      { provider, deadline: new Deadline(20_000) },
      {
        ensRegistry: parseAddress(ens.ensRegistry),
        universalResolver: universalResolver === null ? null : parseAddress(universalResolver),
      },
      domain,
    );

  it("is the registrar's in ENSv1, also where ENSv2 leaves the name to it", async () => {
    await ensV2.reserve("example");
    const { universalResolverV1, universalResolverV2 } = ensV2;
    for (const finder of [null, universalResolverV1, universalResolverV2]) {
      expect(await expiry(finder)).to.equal(nowSec + 99n);
    }
  });

  it("is the first on the way to the domain in ENSv2, also when that is past", async () => {
    const resolver = await ens.publicResolver.getAddress();
    for (const [ofExample, ofUsers, first] of [
      [nowSec + YEAR_SEC, nowSec + 5n, nowSec + 5n],
      [nowSec + YEAR_SEC, nowSec + 2n * YEAR_SEC, nowSec + YEAR_SEC],
      [nowSec - 7n, nowSec + YEAR_SEC, nowSec - 7n],
    ] as const) {
      const example = await ensV2.register("example", ethers.ZeroAddress, ofExample);
      await send(example, "register", ...entry("users", { resolver, expirySec: ofUsers }));
      expect(await expiry(ensV2.universalResolverV2)).to.equal(first);
    }
  });

  it("is none for names of DNS, and for a .eth name that was never registered", async () => {
    expect(await expiry(ensV2.universalResolverV2, "users.example.com")).to.equal(null);
    expect(await expiry(null, "users.other.eth")).to.equal(null);
  });
});
