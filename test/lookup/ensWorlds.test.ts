/**
 * Random worlds of names that are in ENSv1, in ENSv2, in both or in neither, against a model of a few lines: the SDK
 * never says found or absent where the model does not.
 */
import { expect } from "chai";
import fc from "fast-check";
import { encodeProfileRecord } from "../../src/dm3/profile/profileRecord.js";
import { NO_RECORDS } from "../../src/ens/records.js";
import { type ProfileOutcome, resolveProfile } from "../../src/sdk/node.js";
import { type Contract, deployResolver, ethers, send } from "../contracts/deployment.js";
import { aliceAddress, signedByAlice } from "../dm3/profile/sampleProfiles.js";
import { createEnsV2World, type EnsV2World, entry } from "./ensV2World.js";
import { aliceProfile, createScene, PROFILE_KEY, type Scene } from "./scene.js";
import { records, signingGateway } from "./signingGateway.js";

/** The service's resolver, another party's, and one of before ENSIP-10, which both know no records. */
type Resolver = "ours" | "strangers" | "plain";

interface World {
  /** Of alice.<label>.eth and of <label>.eth in ENSv1's registry. */
  readonly own: Resolver | "none";
  readonly parent: Resolver | "none";
  readonly inV2:
    | { readonly kind: "unregistered" | "reserved" }
    | {
        readonly kind: "registered" | "expired";
        readonly parent: Resolver | "none";
        readonly own: Resolver | "none";
      };
}

interface Expected {
  readonly status: "found" | "absent";
  readonly reason?: "no-resolver" | "no-record";
}

const resolver = fc.constantFrom<Resolver | "none">("ours", "strangers", "plain", "none");
const worlds: fc.Arbitrary<World> = fc.record({
  own: resolver,
  parent: resolver,
  inV2: fc.oneof(
    fc.constantFrom({ kind: "unregistered" as const }, { kind: "reserved" as const }),
    fc.record({
      kind: fc.constantFrom("registered" as const, "expired" as const),
      parent: resolver,
      own: resolver,
    }),
  ),
});

/** By ENSIP-10: the name's own resolver, or its parent's if that answers for names below. */
function answering(own: Resolver | "none", parent: Resolver | "none"): Resolver | "none" {
  if (own !== "none") return own;
  return parent === "plain" ? "none" : parent;
}

function expectedOf(answers: Resolver | "none"): Expected {
  if (answers === "ours") return { status: "found" };
  return { status: "absent", reason: answers === "none" ? "no-resolver" : "no-record" };
}

const expectedInV1 = ({ own, parent }: World) => expectedOf(answering(own, parent));

function expectedInV2({ own, parent, inV2 }: World): Expected {
  if (inV2.kind === "registered") return expectedOf(answering(inV2.own, inV2.parent));
  if (inV2.kind !== "reserved") return expectedOf("none");
  // the resolver for ENSv1 is always there, and knows no records where nobody is behind it
  const inV1 = expectedOf(answering(own, parent));
  return inV1.status === "found" ? inV1 : { status: "absent", reason: "no-record" };
}

/** What clients without ENSv2 ask, where that is another resolver. */
function differenceIn({ own, parent, inV2 }: World): Resolver | "none" | undefined {
  if (inV2.kind === "reserved") return undefined;
  const inV1 = answering(own, parent);
  const now = inV2.kind === "registered" ? answering(inV2.own, inV2.parent) : "none";
  return now === inV1 ? undefined : inV1;
}

describe("findResolver in random worlds of ENSv1 and ENSv2", function () {
  this.timeout(360_000);
  let scene: Scene;
  let ensV2: EnsV2World;
  let contracts: Record<Resolver, Contract>;
  let count = 0;

  before(async () => {
    scene = await createScene();
    await scene.reset();
    ensV2 = await createEnsV2World(scene.ens);
    const strangers = await deployResolver({ urls: [`${scene.host.url}/{sender}/{data}.json`] });
    scene.host.handler = signingGateway(await strangers.getAddress(), () => NO_RECORDS);
    contracts = { ours: scene.resolver, strangers, plain: scene.ens.publicResolver };
  });
  after(() => scene.close());

  const addressOf = (one: Resolver | "none") =>
    one === "none" ? ethers.ZeroAddress : contracts[one].getAddress();

  /** Makes the world under a label that no other world has; the name to ask for. */
  async function make({ own, parent, inV2 }: World): Promise<string> {
    const label = `world${count++}`;
    const name = `alice.${label}.eth`;
    const profile = encodeProfileRecord(signedByAlice(aliceProfile));
    scene.names.set(name, records({ [PROFILE_KEY]: profile }, aliceAddress));
    if (parent !== "none") await scene.ens.setResolver(`${label}.eth`, contracts[parent]);
    if (own !== "none") await scene.ens.setResolver(name, contracts[own]);
    if (inV2.kind === "reserved") await ensV2.reserve(label);
    if (inV2.kind === "registered" || inV2.kind === "expired") {
      const ends = inV2.kind === "expired" ? 1n : 2n ** 63n;
      const below = await ensV2.register(label, await addressOf(inV2.parent), ends);
      await send(below, "register", ...entry("alice", { resolver: await addressOf(inV2.own) }));
    }
    return name;
  }

  const seen = (outcome: ProfileOutcome): Expected =>
    outcome.status === "absent"
      ? { status: outcome.status, reason: outcome.reason }
      : { status: outcome.status as "found" };

  it("says what the model says: by the registry, and by the UniversalResolvers of both", async () => {
    await fc.assert(
      fc.asyncProperty(worlds, async (world) => {
        const name = await make(world);
        const ask = (universalResolver: string | null) =>
          resolveProfile(name, { ...scene.options, universalResolver, relayNodes: "none" });
        expect(seen(await ask(null))).to.deep.equal(expectedInV1(world));
        const inV1 = await ask(ensV2.universalResolverV1);
        expect(seen(inV1)).to.deep.equal(expectedInV1(world));
        expect(inV1).to.not.have.property("resolverInV1");
        const inV2 = await ask(ensV2.universalResolverV2);
        expect(seen(inV2)).to.deep.equal(expectedInV2(world));
        const difference = differenceIn(world);
        const { resolverInV1 } = inV2 as { resolverInV1?: string | null };
        if (difference === undefined) expect(resolverInV1).to.equal(undefined);
        else if (difference === "none") expect(resolverInV1).to.equal(null);
        else expect(resolverInV1).to.equal(await contracts[difference].getAddress());
      }),
      { numRuns: 60 },
    );
  });
});
