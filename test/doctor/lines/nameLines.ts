import { expect } from "chai";
import { Contract, ContractFactory } from "ethers";
import { packagedArtifact } from "../../../src/chain/artifacts.js";
import { diagnosisOf, examine } from "../../../src/doctor/examine.js";
import { httpProvider } from "../../../src/lookup/httpProvider.js";
import type { Eip1193Provider } from "../../../src/sdk/index.js";
import { deadUrl } from "../../lookup/loopbackServer.js";
import { expectOnly, lineOf, textOf } from "../diagnosis.js";
import { ALICE, type Ward } from "../ward.js";

export function nameLines(ward: () => Ward): void {
  it("rpc-reachable: nobody at the RPC node's URL", async () => {
    const lines = await ward().examine(ALICE, { rpc: await deadUrl() });
    expectOnly(lines, "rpc-reachable", "failed", /RPC node could not be asked.*ECONNREFUSED/);
    expect(diagnosisOf(lines)).to.equal("unreachable");
  });

  it("rpc-reachable: the node stops answering on the way", async () => {
    const real = httpProvider(ward().world.chain.rpcUrl, 5000);
    let left = 12;
    const rpc: Eip1193Provider = {
      request: async (request) => {
        if (left-- <= 0) throw new Error("socket hang up");
        return await real.request(request);
      },
    };
    const lines = await ward().examine(ALICE, { rpc });
    expect(textOf(lines.filter(({ status }) => status === "failed"))).to.equal("");
    expect(lines.some(({ dependsOn }) => dependsOn === "rpc-reachable")).to.equal(true);
    expect(diagnosisOf(lines)).to.equal("unreachable");
  });

  it("chain-clock: the chain runs ahead", async () => {
    const { provider } = ward().world.chain;
    await provider.send("evm_increaseTime", [150]);
    await provider.send("evm_mine", []);
    expectOnly(await ward().examine(), "chain-clock", "warning", /1\d\d s ahead of this machine/);
  });

  it("name-normalised: another case, and no name at all", async () => {
    const mixed = await ward().examine("Alice.users.example.eth");
    expectOnly(mixed, "name-normalised", "warning", /alice\.users\.example\.eth is$/);
    const broken = await ward().examine("alice..users.example.eth");
    expectOnly(broken, "name-normalised", "failed", /no ENSIP-15 normal form|empty label/);
  });

  it("resolver-found: no resolver, no registry, something else in its place", async () => {
    const nobody = await ward().examine("nobody.example.org");
    expectOnly(nobody, "resolver-found", "failed", /neither nobody\.example\.org nor a name above/);
    const empty = await ward().examine(ALICE, { ensRegistry: `0x${"12".repeat(20)}` });
    expectOnly(empty, "resolver-found", "failed", /the chain has no ENS registry at 0x/);
    const wrong = await ward().examine(ALICE, { ensRegistry: ward().world.resolver });
    expectOnly(wrong, "resolver-found", "failed", /is no ENS registry/);
  });

  it("resolver-code: the resolver is an account without code", async () => {
    await ward().world.ens.setResolver("empty.example.eth", `0x${"34".repeat(20)}`);
    const lines = await ward().examine("empty.example.eth");
    expectOnly(lines, "resolver-code", "failed", /no contract at 0x3434/);
  });

  it("wildcard: the parent's resolver answers for its own name only", async () => {
    await ward().breakResolver("NotExtended");
    const lines = await ward().examine();
    expectOnly(lines, "wildcard", "failed", /belongs to users\.example\.eth, so nobody asks it/);
  });

  it("wildcard: an ordinary resolver on-chain is told from a broken one", async () => {
    const { world, admin } = ward();
    const { abi, bytecode } = packagedArtifact(
      "@ensdomains/resolver/build/contracts/PublicResolver.json",
    );
    const deployed = await new ContractFactory(abi, bytecode, admin).deploy(world.ens.registry);
    const resolver = new Contract(await deployed.getAddress(), abi, admin);
    await world.ens.setResolver("onchain.example.eth", await resolver.getAddress());
    const lines = await examine("onchain.example.eth", {
      rpc: world.chain.rpcUrl,
      ensRegistry: world.ens.registry,
    });
    expectOnly(lines, "wildcard", "warning", /answers for onchain\.example\.eth alone/, {
      silent: lines.filter(({ status }) => status === "skipped").map(({ id }) => id),
    });
    expect(lineOf(lines, "lookup-form").seen).to.match(/answers on-chain/);
    expect(lineOf(lines, "absent-key").status).to.equal("passed");
    expect(lineOf(lines, "unknown-function").seen).to.match(/reverts without data/);
  });
}
