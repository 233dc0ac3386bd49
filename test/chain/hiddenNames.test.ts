import { expect } from "chai";
import { hiddenNames, hiddenNamesText } from "../../src/chain/hiddenNames.js";
import { type Address, parseAddress } from "../../src/ens/address.js";
import { Deadline } from "../../src/fetch/deadline.js";
import { type Contract, deploy, deployResolver, ethers, send } from "../contracts/deployment.js";
import { entry as entryOf } from "../lookup/ensV2World.js";
import { createEnsV2World, type EnsV2World } from "../lookup/ensV2World.js";
import { deployEns, type LocalEns, provider } from "../lookup/localEns.js";

const DOMAIN = "users.example.eth";
const NAMES = ["alice", "bob", "deep.bob", "carol"].map((label) => `${label}.${DOMAIN}`);

describe("chain/hiddenNames", () => {
  let ens: LocalEns;
  let ensV2: EnsV2World;
  let resolver: Contract;
  let other: string;

  beforeEach(async () => {
    ens = await deployEns();
    ensV2 = await createEnsV2World(ens);
    resolver = await deployResolver();
    other = await ens.publicResolver.getAddress();
    await ens.setResolver(DOMAIN, resolver);
  });

  async function hidden(universalResolver: string | null, names = [DOMAIN, ...NAMES]) {
    const contracts = {
      ensRegistry: parseAddress(ens.ensRegistry),
      universalResolver: universalResolver === null ? null : parseAddress(universalResolver),
    };
    const chain = { provider, deadline: new Deadline(20_000) };
    const ours: Address = parseAddress(await resolver.getAddress());
    return await hiddenNames(chain, contracts, { domain: DOMAIN, resolvers: [ours] }, names);
  }

  it("are those with entries of their own, and those below one, whatever finds them in ENSv1", async () => {
    await ens.setResolver(`bob.${DOMAIN}`, ens.publicResolver);
    await ens.setResolver(`carol.${DOMAIN}`, resolver);
    await ensV2.reserve("example");
    const entry = `bob.${DOMAIN}`;
    for (const finder of [null, ensV2.universalResolverV1, ensV2.universalResolverV2]) {
      const found = await hidden(finder);
      expect(found).to.deep.equal([
        { name: entry, entry, resolver: other },
        { name: `deep.${entry}`, entry, resolver: other },
      ]);
      expect(hiddenNamesText(found)).to.equal(
        `${entry} (${other}), deep.${entry} (of ${entry}, ${other})`,
      );
    }
  });

  it("are those of ENSv2 where the domain is there", async () => {
    await ens.setResolver(`alice.${DOMAIN}`, ens.publicResolver);
    const example = await ensV2.register("example", ethers.ZeroAddress);
    const users = await deploy("RegistryV2");
    const below = { resolver: await resolver.getAddress(), registry: await users.getAddress() };
    await send(example, "register", ...entryOf("users", below));
    await send(users, "register", ...entryOf("carol", { resolver: other }));
    const [carol, ...more] = await hidden(ensV2.universalResolverV2);
    expect(carol?.name).to.equal(`carol.${DOMAIN}`);
    expect(more).to.deep.equal([]);
  });

  it("are none above the domain, nor before it is attached", async () => {
    await ens.setResolver("example.eth", ens.publicResolver);
    await ens.setResolver(DOMAIN, ens.publicResolver);
    expect(await hidden(ensV2.universalResolverV1)).to.deep.equal([]);
  });

  it("are found among many, and told by the first five", async () => {
    const many = Array.from({ length: 47 }, (_, index) => `user${index}.${DOMAIN}`);
    for (const name of many.slice(17, 24)) await ens.setResolver(name, ens.publicResolver);
    const found = await hidden(null, many);
    expect(found.map(({ name }) => name)).to.deep.equal(many.slice(17, 24));
    expect(hiddenNamesText(found)).to.match(/^user17\.users.* user21\.[^ ]+ \(0x\w+\) and 2 more$/);
  });
});
