import { expect } from "chai";
import { Contract, Wallet } from "ethers";
import { ownArtifact } from "../../src/chain/artifacts.js";
import { type DemoWorld, RELAY_NODES } from "../../src/demo/demoWorld.js";
import { addressFrom, checksumAddress } from "../../src/ens/address.js";
import { resolveProfile } from "../../src/sdk/node.js";
import { dm3, dm3Checks, dm3RelayNode, ethers6, type StockClient, viem } from "./stockClients.js";
import { startTestWorld } from "./testWorld.js";

describe("e2e: clients that we did not write, on a real chain, over real HTTP, from a real Postgres", function () {
  this.timeout(180_000);
  let world: DemoWorld;
  let clients: StockClient[];
  let resolver: Contract;

  before(async () => {
    world = await startTestWorld();
    clients = [ethers6(world), viem(world), dm3(world)];
    const { abi } = await ownArtifact("OffchainResolver");
    resolver = new Contract(world.resolver, abi, world.chain.admin);
  });
  after(() => world.stop());

  const sdk = (name: string) =>
    resolveProfile(name, {
      rpc: world.chain.rpcUrl,
      ensRegistry: world.ens.registry,
      allowLoopback: true,
    });
  const see = (name: string) =>
    Promise.all(
      clients.map(async (client) => [client.name, await client.profileOf(name)] as const),
    );

  it("every one finds each of the demo's users, with the profile that was signed", async () => {
    for (const { name, signedUserProfile } of world.people) {
      for (const [client, seen] of await see(name)) {
        if (!("profile" in seen)) throw new Error(`${client}: ${JSON.stringify(seen)}`);
        const { profile } = seen;
        const json: unknown =
          typeof profile === "string"
            ? JSON.parse(profile.slice("data:application/json,".length))
            : profile;
        expect(json, client).to.deep.equal(signedUserProfile);
      }
      expect(await dm3Checks(world, name)).to.equal(true);
      expect(await sdk(name)).to.include({ status: "found", name });
    }
  });

  it("the service tells what it is, as `npm start` does", async () => {
    const answer = await fetch(`${world.service.url}/status`);
    expect(answer.status).to.equal(200);
    const { capabilities } = (await answer.json()) as {
      capabilities: { name: string; summary: string }[];
    };
    expect(capabilities.map(({ name }) => name)).to.deep.equal([
      "registry",
      "status",
      "lookup-page",
      "admin-page",
    ]);
    for (const { name, summary } of capabilities) expect(summary, name).not.to.equal("");
  });

  it("the dm3 library finds the relay nodes", async () => {
    for (const name of RELAY_NODES) {
      expect(await dm3RelayNode(world, name)).to.equal(`https://${name.split(".")[0]}.example/dm3`);
    }
  });

  it("every one finds the user under mixed case, once the client has normalised it", async () => {
    const [alice] = world.people;
    const seen = await ethers6(world).profileOf("ALICE.Users.example.eth");
    expect(seen).to.have.property("profile");
    expect(await dm3(world).profileOf("Alice.users.example.eth")).to.deep.equal({
      profile: alice!.signedUserProfile,
    });
  });

  it("every one sees an absent name as absent, not as a failure", async () => {
    for (const [client, seen] of await see("nobody.users.example.eth")) {
      expect(seen, client).to.deep.equal({ absent: true });
    }
    expect(await sdk("nobody.users.example.eth")).to.include({ status: "absent" });
  });

  it("none believes an answer by a wrong signer; the SDK says so", async () => {
    const { name } = world.people[0]!;
    const [ours] = (await resolver.getFunction("signers")()) as string[];
    const other = Wallet.createRandom().address;
    const send = async (method: string, signer: string) =>
      (await resolver.getFunction(method).send(signer)).wait();
    await send("addSigner", other);
    await send("removeSigner", ours!);
    try {
      for (const [client, seen] of await see(name)) {
        expect(seen, client).not.to.have.property("profile");
      }
      // ethers and dm3 report nothing at all; viem, asked strictly, passes the resolver's own error on
      const viemSeen = await viem(world).profileOf(name);
      expect(viemSeen)
        .to.have.property("error")
        .that.matches(/UnknownSigner|0x[0-9a-f]{8}|ResolverError/);
      const outcome = await sdk(name);
      expect(outcome).to.include({ status: "untrusted" });
      expect(outcome.sentence).to.include(
        checksumAddress(addressFrom(Buffer.from(ours!.slice(2), "hex"))),
      );
    } finally {
      await send("addSigner", ours!);
      await send("removeSigner", other);
    }
    expect(await sdk(name)).to.include({ status: "found" });
  });

  it("every one tells a stopped gateway from an absent name, but dm3, which swallows all errors", async () => {
    await world.service.stop();
    const { name } = world.people[0]!;
    const [ethersSeen, viemSeen, dm3Seen] = (await see(name)).map(([, seen]) => seen);
    expect(ethersSeen)
      .to.have.property("error")
      .that.matches(/CCIP|fetch|ECONNREFUSED|SERVER_ERROR/i);
    expect(viemSeen)
      .to.have.property("error")
      .that.matches(/HTTP request failed|offchain/i);
    expect(dm3Seen).to.deep.equal({ absent: true });
    const outcome = await sdk(name);
    expect(outcome).to.include({ status: "unreachable" });
    expect(outcome.sentence).to.include(world.service.url);
  });
});
