import { expect } from "chai";
import { Contract } from "ethers";
import { ownArtifact } from "../../../src/chain/artifacts.js";
import type { PublishedNames } from "../../../src/chain/hiddenNames.js";
import { DOMAIN } from "../../../src/demo/demoWorld.js";
import { httpProvider } from "../../../src/lookup/httpProvider.js";
import type { Eip1193Provider } from "../../../src/sdk/index.js";
import { expectOnly, lineOf } from "../diagnosis.js";
import { deployEnsV2, type EnsV2 } from "../ensV2.js";
import { ALICE, type Ward } from "../ward.js";

const DAY_SEC = 86_400n;

export function v2Lines(ward: () => Ward): void {
  let v2: EnsV2;
  let nowSec: bigint;

  beforeEach(async () => {
    v2 = await deployEnsV2(ward());
    const block = await ward().world.chain.provider.getBlock("latest");
    nowSec = BigInt(block!.timestamp);
  });

  const examine = (name = ALICE, rpc?: Eip1193Provider) =>
    ward().examine(name, {
      universalResolver: v2.universalResolver,
      ...(rpc === undefined ? {} : { rpc }),
    });
  const inSeconds = (sec: bigint) => new Date(Number(sec) * 1000).toISOString().slice(0, 10);
  /** example.eth in ENSv2, with users.example.eth as the service's domain. */
  async function moveDomain({ expiry, resolver }: { expiry?: bigint; resolver?: string } = {}) {
    const example = await v2.below(v2.eth, "example", undefined, expiry);
    return await v2.below(example, "users", resolver ?? ward().world.resolver);
  }
  /** Somebody's resolver of before ENSIP-10. */
  const plainResolver = async () => ward().deploy("test/LegacyResolver");

  it("resolver-found: names left to ENSv1 are examined through ENSv2's resolver for them", async () => {
    await v2.enter(v2.eth, "example", v2.ensV1Resolver);
    const lines = await examine();
    const { resolver } = ward().world;
    const line = expectOnly(lines, "resolver-found", "passed", /, by wildcard from users\.example/);
    expect(line.seen).to.include(`${resolver}, asked through ${v2.ensV1Resolver}`);
    expect(lineOf(lines, "signers").seen).to.match(/^2: 0x/);
    expect(lineOf(lines, "registration").seen).to.match(/^example\.eth is registered until/);
  });

  it("resolver-found: nobody behind ENSv2's resolver for ENSv1, and a name that is in ENSv1 alone", async () => {
    await v2.enter(v2.eth, "nobody", v2.ensV1Resolver);
    const nobody = await examine("alice.nobody.eth");
    expectOnly(nobody, "resolver-found", "failed", /of nobody\.eth passes calls on to .* ENSv1/);
    const left = await examine();
    expectOnly(left, "resolver-found", "failed", /ENSv2 names no resolver for .* ENSv1 names 0x/);
  });

  it("registration: good in ENSv2, and soon at its end", async () => {
    await moveDomain({ expiry: nowSec + 400n * DAY_SEC });
    const good = lineOf(await examine(), "registration");
    expect(good.seen).to.equal(
      `example.eth is registered in ENSv2 until ${inSeconds(nowSec + 400n * DAY_SEC)}`,
    );
    await moveDomain({ expiry: nowSec + 10n * DAY_SEC });
    const seen = /example\.eth ends in \d+ days, .* every name below it ends then, without grace$/;
    expectOnly(await examine(), "registration", "warning", seen);
  });

  it("resolver-found: a name above expired in ENSv2, in its grace and past it; one that is no .eth name", async () => {
    await moveDomain({ expiry: nowSec - DAY_SEC });
    const seen = /^example\.eth expired in ENSv2 on .* ended it and every name below it at once$/;
    const inGrace = expectOnly(await examine(), "resolver-found", "failed", seen);
    expect(inGrace.advice).to.include(`until ${inSeconds(nowSec + 27n * DAY_SEC)}, then anybody`);
    await moveDomain({ expiry: nowSec - 29n * DAY_SEC });
    const past = expectOnly(await examine(), "resolver-found", "failed", seen);
    expect(past.advice).to.match(/28 days of grace are over, and anybody can/);
    const example = await v2.below(v2.eth, "example");
    await v2.enter(example, "users", ward().world.resolver, nowSec - DAY_SEC);
    const below = expectOnly(
      await examine(),
      "resolver-found",
      "failed",
      /^users\.example\.eth exp/,
    );
    expect(below.advice).to.match(/owner of example\.eth register users\.example\.eth again/);
  });

  it("own-entry: in ENSv2 an entry hides what the service publishes", async () => {
    const users = await moveDomain();
    await v2.enter(users, "alice", await plainResolver());
    const line = lineOf(await examine(), "own-entry");
    expect(line.status).to.equal("warning");
    expect(line.seen).to.match(
      /entry of alice\.users\.example\.eth in ENS has .* of users\.example/,
    );
    expect(line.seen).to.match(/nobody sees the address and the DM3 profile of alice\.users/);
    await v2.enter(users, "stranger", await plainResolver());
    const stranger = lineOf(await examine(`stranger.users.example.eth`), "own-entry");
    expect(stranger.status).to.equal("passed");
    expect(stranger.seen).to.match(/publishes nothing of stranger\.users\.example\.eth$/);
  });

  it("own-entry: in ENSv1 as well, asked directly and through ENSv2; not with the same resolver", async () => {
    const { ens, resolver } = ward().world;
    await ens.setResolver(ALICE, await plainResolver());
    expect(lineOf(await ward().examine(), "own-entry").status).to.equal("warning");
    await v2.enter(v2.eth, "example", v2.ensV1Resolver);
    const through = lineOf(await examine(), "own-entry");
    expect(through.status).to.equal("warning");
    expect(through.seen).to.match(/in ENSv1 has a resolver of its own, which hides 0x/);
    await ens.setResolver(ALICE, resolver);
    expect(lineOf(await ward().examine(), "own-entry").seen).to.match(/^hides no other/);
  });

  it("own-entry: could not find out, when the hidden resolver's gateway is down", async () => {
    await ward().world.ens.setResolver(ALICE, await plainResolver());
    ward().gateway.handler = (_request, response) => response.writeHead(503).end();
    const line = lineOf(await ward().examine(), "own-entry");
    expect(line.status).to.equal("skipped");
    expect(line.seen).to.match(/could not be found out$/);
  });

  it("hidden-names: of a domain's published names, those with entries of their own; none; not to be found out", async () => {
    await ward().world.ens.setResolver(ALICE, await plainResolver());
    const names = [ALICE, `bob.${DOMAIN}`];
    const lineFor = async (published: PublishedNames) => {
      const publishedNames = () => Promise.resolve(published);
      return lineOf(await ward().examine(DOMAIN, { publishedNames }), "hidden-names");
    };
    const one = await lineFor({ kind: "names", names, areAll: false });
    expect(one.status).to.equal("failed");
    expect(one.seen).to.match(
      /^of the first 2 names .*, 1 are hidden .*: alice\.users\.example\.eth/,
    );
    const none = await lineFor({ kind: "names", names: names.slice(1), areAll: true });
    expect(none.status).to.equal("passed");
    const unknown = await lineFor({ kind: "unknown", reason: "The database is away." });
    expect(unknown.status).to.equal("warning");
    expect(unknown.seen).to.match(/could not be looked at\. The database is away\.$/);
    const notServed = await lineFor({ kind: "not-served" });
    expect(notServed.status).to.equal("skipped");
  });

  it("universal-single: another resolver answers, and the one behind it", async () => {
    const { ens, chain } = ward().world;
    await v2.enter(v2.eth, "example", v2.ensV1Resolver);
    const real = httpProvider(chain.rpcUrl, 5000);
    const { abi } = await ownArtifact("demo/UniversalResolver");
    const selector = new Contract(ens.universalResolver, abi).interface.getFunction(
      "requireResolver",
    )!.selector;
    /** Names resolvers as ENSv1's UniversalResolver does, and resolves as ENSv2's. */
    const rpc: Eip1193Provider = {
      request: async ({ method, params }) => {
        const [call, ...rest] = params as { data?: string }[];
        const bent = [{ ...call, to: ens.universalResolver }, ...rest];
        const isBent = method === "eth_call" && call?.data?.startsWith(selector) === true;
        return await real.request({ method, params: isBent ? bent : params });
      },
    };
    const lines = await examine(ALICE, rpc);
    const line = expectOnly(lines, "universal-single", "failed", /has another resolver answer/);
    expect(line.seen).to.include(
      `${v2.ensV1Resolver}, which passes calls on to ${ward().world.resolver}`,
    );
  });
}
