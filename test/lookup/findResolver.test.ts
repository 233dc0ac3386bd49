import { expect } from "chai";
import { NO_RECORDS } from "../../src/ens/records.js";
import { type Eip1193Provider, type ResolveOptions, resolveProfile } from "../../src/sdk/node.js";
import { deploy, deployResolver, gatewaySignerAddress, send } from "../contracts/deployment.js";
import { createEnsV2World, type EnsV2World, entry } from "./ensV2World.js";
import { provider } from "./localEns.js";
import { expectAbsent, expectFound, expectUnreachable } from "./outcomes.js";
import { ALICE, createScene, DOMAIN, type Scene } from "./scene.js";
import { signingGateway } from "./signingGateway.js";

describe("findResolver", () => {
  let scene: Scene;
  let world: EnsV2World;
  let inV1: Partial<ResolveOptions>;
  let inV2: Partial<ResolveOptions>;

  before(async () => {
    scene = await createScene();
    world = await createEnsV2World(scene.ens);
    inV1 = { universalResolver: world.universalResolverV1 };
    inV2 = { universalResolver: world.universalResolverV2 };
  });
  beforeEach(async () => {
    await scene.reset();
    await world.reserve("example");
  });
  after(() => scene.close());

  /** Another party's resolver, on the scene's gateway, which knows nobody there. */
  async function strangersResolver(): Promise<string> {
    const stranger = await deployResolver({ urls: [`${scene.host.url}/{sender}/{data}.json`] });
    const address = await stranger.getAddress();
    scene.host.handler = signingGateway(address, () => NO_RECORDS);
    return address;
  }

  describe("by the registry alone", () => {
    it("says so", async () => {
      expect(expectFound(await scene.resolveAlice()).namedBy).to.equal("registry");
    });
  });

  describe("by the UniversalResolver of ENSv1", () => {
    it("finds what the registry says, and no difference", async () => {
      const found = expectFound(await scene.resolveAlice(inV1));
      expect(found.namedBy).to.equal("universal-resolver");
      expect(found).to.not.have.property("resolverInV1");
      expect(found.resolver).to.equal(scene.resolverAddress);
    });

    it("says that there is none, above a resolver for its own name as well", async () => {
      const { ens, options } = scene;
      await ens.setResolver("onchain.eth", ens.publicResolver);
      for (const name of ["nobody.nowhere.eth", "sub.onchain.eth"]) {
        const outcome = await resolveProfile(name, { ...options, ...inV1 });
        expectAbsent(
          outcome,
          "no-resolver",
          /has no resolver in ENS\. Check the spelling of the name\.$/,
        );
      }
    });

    it("takes a resolver without code for one without records", async () => {
      const { ens, options } = scene;
      await ens.setResolver("nocode.eth", {
        getAddress: () => Promise.resolve(`0x${"12".repeat(20)}`),
      } as never);
      const outcome = await resolveProfile("nocode.eth", { ...options, ...inV1 });
      expectAbsent(outcome, "no-record", /has published no DM3 profile/);
    });
  });

  describe("in ENSv2", () => {
    it("finds a name that was not moved, through the resolver for ENSv1, and no difference", async () => {
      const found = expectFound(await scene.resolveAlice(inV2));
      expect(found.resolver).to.equal(world.ensV1Resolver);
      expect(found).to.not.have.property("resolverInV1");
    });

    it("does so for a resolver that needs a batch gateway, which we are ourselves", async () => {
      const { ens, gateway, options } = scene;
      const featureless = await deploy("FeaturelessOffchainResolver", gatewaySignerAddress, [
        `${gateway.url}/{sender}/{data}.json`,
      ]);
      await ens.setResolver("plain.eth", featureless);
      await world.reserve("plain");
      const address = await featureless.getAddress();
      gateway.handler = signingGateway(address, (name) =>
        scene.names.get(name === "plain.eth" ? ALICE : name),
      );
      const found = expectFound(await resolveProfile("plain.eth", { ...options, ...inV2 }));
      expect(found.profile.deliveryServices).to.have.length(1);
    });

    it("follows a name that was moved and sold, and never shows its former owner's profile", async () => {
      await world.register("example", await strangersResolver());
      const outcome = await scene.resolveAlice(inV2);
      expectAbsent(outcome, "no-record", /Clients without ENSv2 ask another resolver, 0x/);
      expect(outcome).to.include({
        namedBy: "universal-resolver",
        resolverInV1: scene.resolverAddress,
      });
    });

    it("finds a name that is in ENSv2 only, and says that others find nothing", async () => {
      scene.names.set("alice.fresh.eth", scene.names.get(ALICE)!);
      await world.register("fresh", scene.resolverAddress);
      const options = { ...scene.options, ...inV2 };
      const found = expectFound(await resolveProfile("alice.fresh.eth", options));
      expect(found.resolverInV1).to.equal(null);
      expect(found.sentence).to.match(/Clients without ENSv2 find no resolver for it\./);
      expectAbsent(
        await resolveProfile("alice.fresh.eth", scene.options),
        "no-resolver",
        /no resolver in ENS/,
      );
    });

    it("lets a name of its own below shadow the wildcard", async () => {
      const below = await world.register("example", scene.resolverAddress);
      const stranger = await strangersResolver();
      await send(below, "register", ...entry("users", { resolver: stranger }));
      expectAbsent(await scene.resolveAlice(inV2), "no-record", /ask another resolver/);
    });

    it("says absent when the name has expired there, although ENSv1 still has it", async () => {
      await world.register("example", scene.resolverAddress, 1n);
      const outcome = await scene.resolveAlice(inV2);
      expectAbsent(outcome, "no-resolver", /Clients without ENSv2 ask another resolver/);
      expect(outcome).to.include({ resolverInV1: scene.resolverAddress });
    });

    it("says absent when ENSv1 has lost the resolver that ENSv2 still passes on to", async () => {
      await world.reserve("gone");
      const outcome = await resolveProfile("gone.eth", { ...scene.options, ...inV2 });
      expectAbsent(outcome, "no-record", /has published no DM3 profile/);
      expect(outcome, "ENSv1 has none either").to.not.have.property("resolverInV1");
    });
  });

  describe("where the UniversalResolver cannot be asked", () => {
    /** The chain, as if it were another one where nobody put ENS's UniversalResolver. */
    const onChain = (chainId: string): Eip1193Provider => ({
      request: (args) =>
        args.method === "eth_chainId" ? Promise.resolve(chainId) : provider.request(args),
    });
    const nowhere = `0x${"ee".repeat(20)}`;

    it("follows the registry on a chain that ENS is not on", async () => {
      const found = expectFound(await scene.resolveAlice({ universalResolver: nowhere }));
      expect(found.namedBy).to.equal("registry");
    });

    it("does not on Ethereum, where the node must know it", async () => {
      const outcome = await scene.resolveAlice({ rpc: onChain("0x1"), universalResolver: nowhere });
      expectUnreachable(outcome, /does not know the contract/);
    });

    it("is told when it is another contract", async () => {
      const universalResolver = scene.ens.ensRegistry;
      expectUnreachable(
        await scene.resolveAlice({ universalResolver }),
        /it refuses: it gives no reason/,
      );
    });
  });

  describe("with a node or wallet that loses the data of a revert", () => {
    /** Every revert as some providers tell it: the words, and nothing else. */
    const lossy: Eip1193Provider = {
      request: async (args) => {
        try {
          return await provider.request(args);
        } catch {
          const error: object = { code: -32000, message: "execution reverted" };
          throw error as Error;
        }
      },
    };

    it("is unreachable, not absent", async () => {
      for (const options of [{}, inV1, inV2]) {
        const outcome = await scene.resolveAlice({ ...options, rpc: lossy });
        expectUnreachable(outcome, /the node loses the data of a revert/);
      }
    });

    it("is unreachable as well when whether the resolver speaks ENSIP-10 gets lost", async () => {
      const rpc: Eip1193Provider = {
        request: async (args) => {
          const [call] = args.params as [{ data?: string }];
          if (call.data?.startsWith("0x01ffc9a7") !== true) return provider.request(args);
          const error: object = { code: -32000, message: "execution reverted" };
          throw error as Error;
        },
      };
      expectUnreachable(await scene.resolveAlice({ rpc }), /reverts when asked whether it answers/);
      const own = await resolveProfile(DOMAIN, { ...scene.options, rpc });
      expectUnreachable(own, /loses the data of a revert/);
    });
  });
});
