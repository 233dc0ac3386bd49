/**
 * One registry of ENSv2 under two names, on a real chain: clients send our resolver names below the second one, and find
 * what the service has published below the first.
 */
import { expect } from "chai";
import { DOMAIN } from "../../src/demo/demoWorld.js";
import { DM3_PROFILE_KEY } from "../../src/dm3/profile/profileRecord.js";
import { resolveProfile } from "../../src/sdk/node.js";
import { textOf } from "../doctor/diagnosis.js";
import { deployEnsV2, type EnsV2 } from "../doctor/ensV2.js";
import { openWard, type Ward } from "../doctor/ward.js";
import { until } from "../embedded-postgres/holder.js";
import { viemClient } from "./stockClients.js";

const ALIAS = "users.alias.eth";
const PATIENCE_MS = 10_000;

describe("e2e: a registry of ENSv2 under two names", function () {
  this.timeout(180_000);
  let ward: Ward;
  let v2: EnsV2;

  before(async () => {
    ward = await openWard();
    await ward.reset();
    v2 = await deployEnsV2(ward);
    const shared = await v2.below(v2.eth, "example");
    await v2.share(v2.eth, "alias", shared);
    await v2.enter(shared, "users", ward.world.resolver);
  });
  after(() => ward.close());

  const alias = (name: string) => name.replace(DOMAIN, ALIAS);
  const alice = () => ward.world.people[0]!;
  const viem = () => {
    const { chain, ens } = ward.world;
    return viemClient({ chain, ens: { ...ens, universalResolver: v2.universalResolver } });
  };
  const text = (name: string, key = DM3_PROFILE_KEY) =>
    viem().getEnsText({ name, key, strict: true });
  const put = async (path: string, body: unknown) => {
    const { service, apiKey } = ward.world;
    const answer = await fetch(`${service.url}/v1/names/${path}`, {
      method: "PUT",
      headers: { "content-type": "application/json", authorization: `Bearer ${apiKey}` },
      body: JSON.stringify(body),
    });
    return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
  };

  it("is an error to viem until the domain has the alias, and never an absent record", async () => {
    const { name } = alice();
    expect(await text(name)).to.be.a("string");
    const failure = await text(alias(name)).then(() => null, String);
    expect(failure).to.match(/404|lies under no domain/);
    await ward.world.service.domains.addAlias({ alias: ALIAS, domain: DOMAIN });
    const isServed = () =>
      text(alias(name)).then(
        () => true,
        () => false,
      );
    await until(isServed, PATIENCE_MS);
  });

  it("has viem find the same profile and wallet by both names, and nothing where there is nothing", async () => {
    const { name, address } = alice();
    expect(await text(alias(name))).to.equal(await text(name));
    expect(await viem().getEnsAddress({ name: alias(name), strict: true })).to.equal(address);
    expect(await text(`nobody.${ALIAS}`)).to.equal(null);
  });

  it("has the SDK find the verified profile, with the relay nodes that it names", async () => {
    const { chain, ens } = ward.world;
    const outcome = await resolveProfile(alias(alice().name), {
      ...{ rpc: chain.rpcUrl, ensRegistry: ens.registry, allowLoopback: true },
      universalResolver: v2.universalResolver,
    });
    if (outcome.status !== "found") throw new Error(JSON.stringify(outcome));
    expect(outcome.address).to.equal(alice().address);
    expect(outcome.relayNodes.map(({ name, status }) => `${name} ${status}`)[0]).to.equal(
      `relay.${DOMAIN} found`,
    );
  });

  it("shows what was written a moment ago, which can be written by the domain's name alone", async () => {
    const name = `writer.${DOMAIN}`;
    const write = (to: string, url: string) => put(to, { records: { texts: { url } } });
    for (const url of ["https://first.example", "https://second.example"]) {
      expect((await write(name, url)).status).to.be.oneOf([200, 201]);
      // twice, so that it is kept
      for (let time = 0; time < 2; time++) expect(await text(alias(name), "url")).to.equal(url);
    }
    const { status, body } = await write(alias(name), "https://third.example");
    expect(status).to.equal(403);
    expect(body).to.deep.include({ code: "FORBIDDEN" });
    expect(body["details"]).to.deep.equal({ name: alias(name), domain: DOMAIN, aliasOf: name });
    expect(body["message"]).to.include(`Use ${name}.`);
    expect(await text(alias(name), "url")).to.equal("https://second.example");
  });

  it("is healthy to the doctor, also for clients that follow ENSv1 still", async () => {
    await ward.world.ens.setResolver(ALIAS, ward.world.resolver);
    const lines = await ward.examine(alias(alice().name), {
      universalResolver: v2.universalResolver,
    });
    const wrong = lines.filter(({ status }) => status === "failed" || status === "warning");
    expect(wrong, textOf(wrong)).to.deep.equal([]);
  });
});
