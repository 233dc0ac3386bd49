/** The primary lost, with a hot standby that follows it by real streaming replication: no lookup fails. */
import { setTimeout as delay } from "node:timers/promises";
import { expect } from "chai";
import {
  type RegistryService,
  startRegistryService,
} from "../../src/capabilities/registry/registryService.js";
import { signUp } from "../../src/demo/people.js";
import type { SignpostError } from "../../src/errors.js";
import { addDomain } from "../../src/registry/access/addDomain.js";
import { bytes } from "../db/sampleNames.js";
import { expectRejection } from "../expectError.js";
import { answerOf, API_KEY, DOMAIN, signer } from "../http/openTestService.js";
import { expectAllAnswered, storeAvatars } from "./faultScene.js";
import { type GatewayStream, startGatewayStream } from "./gatewayStream.js";
import { startReplicatedPostgres } from "./postgresServer.js";

type ReplicatedPostgres = Awaited<ReturnType<typeof startReplicatedPostgres>>;

describe("faults: the primary lost, with a hot standby", () => {
  let postgres: ReplicatedPostgres;
  let service: RegistryService;
  let avatars: Map<string, string>;
  let stream: GatewayStream;
  const failures: SignpostError[] = [];

  const start = (standbyDatabaseUrls: string[]) =>
    startRegistryService({
      databaseUrl: postgres.primary.url,
      standbyDatabaseUrls,
      signer,
      validitySec: 240,
      host: "127.0.0.1",
      port: 0,
      reportFailure: (error) => failures.push(error),
    });

  before(async () => {
    postgres = await startReplicatedPostgres();
    service = await start([postgres.standby.url]);
    const served = { domain: DOMAIN, chainId: 1n, resolver: bytes(20, 0x5f) };
    await addDomain(service.domains, served, API_KEY);
    avatars = await storeAvatars(service);
    await postgres.caughtUp();
    stream = startGatewayStream(service.url, avatars);
    await stream.recovered(5_000);
  });
  after(async () => {
    await stream.stop();
    await service.stop();
    await postgres.standby.remove();
    await postgres.primary.remove();
  });

  const readiness = async (of = service) => {
    const { status, body } = await answerOf(fetch(`${of.url}/health/ready`));
    // no chain is watched here
    const warnings = (body["warnings"] as string[]).filter((text) => !/^CHAIN_RPC_URLS/.test(text));
    return { status, warnings: warnings.join("\n") };
  };
  const publish = async (label: string, of = service) => {
    const response = await fetch(`${of.url}/v1/names/${label}.${DOMAIN}/profile`, {
      method: "PUT",
      headers: { authorization: `Bearer ${API_KEY}`, "content-type": "application/json" },
      body: JSON.stringify(await signUp([`relay.${DOMAIN}`])),
    });
    await response.text();
    return response.status;
  };

  it("answers every lookup while the primary is killed with -9 and comes back, and says what it cannot do", async () => {
    expect(await readiness()).to.deep.equal({ status: 200, warnings: "" });
    const lost = await stream.during(async () => {
      await delay(300);
      await postgres.primary.kill();
      await delay(4_000);
    });
    expectAllAnswered(lost);
    expect(lost.answered).to.be.above(50);

    const { status, warnings } = await readiness();
    expect(status).to.equal(200);
    expect(warnings).to.match(/^The primary database is down.*nothing can be written/);
    expect(await publish("late")).to.equal(503);

    const back = await stream.during(async () => {
      await postgres.primary.start();
      await delay(3_000);
    });
    expectAllAnswered(back);
    expect(await readiness()).to.deep.equal({ status: 200, warnings: "" });
    expect(await publish("late")).to.equal(201);
  });

  it("answers every lookup while the primary hangs without a word", async () => {
    const hanging = await stream.during(async () => {
      await delay(300);
      await postgres.primary.freeze();
      await delay(5_000);
    });
    expectAllAnswered(hanging);
    const back = await stream.during(async () => {
      await postgres.primary.thaw();
      await delay(4_000);
    });
    expectAllAnswered(back);
    expect(await readiness()).to.deep.equal({ status: 200, warnings: "" });
  });

  it("warns of a standby that is lost, and no lookup notices", async () => {
    const lost = await stream.during(async () => {
      await postgres.standby.kill();
      expect((await readiness()).warnings).to.match(/^Standby database 1 .* is down/);
      await delay(500);
      await postgres.standby.start();
    });
    expectAllAnswered(lost);
  });

  it("starts while the primary is down, answers from the standby, and writes once the primary is back", async () => {
    await postgres.caughtUp();
    await postgres.primary.kill();
    await expectRejection(start([]), "DATABASE_UNAVAILABLE", /did not answer/);
    failures.length = 0;
    const late = await start([postgres.standby.url]);
    const lateStream = startGatewayStream(late.url, avatars);
    try {
      expect(failures.map(({ message }) => message).join("\n")).to.match(
        /Started on a standby alone/,
      );
      expectAllAnswered(await lateStream.during(() => delay(1_000)));
      expect((await readiness(late)).warnings).to.match(/^The primary database is down/);
      expect(await publish("later", late)).to.equal(503);
      await postgres.primary.start();
      expect(await publish("later", late)).to.equal(201);
      expectAllAnswered(await lateStream.during(() => delay(3_000)));
      expect(await readiness(late)).to.deep.equal({ status: 200, warnings: "" });
    } finally {
      await lateStream.stop();
      await late.stop();
    }
  });

  it("fails with 503, and is not ready, when the standby is lost as well", async () => {
    const lost = await stream.during(async () => {
      await postgres.standby.kill();
      await postgres.primary.kill();
      await delay(1_000);
    });
    expect(lost.wrong).to.deep.equal([]);
    expect(lost.unavailable).to.be.above(10);
    expect((await readiness()).status).to.equal(503);
    await postgres.standby.start();
    await stream.recovered(5_000);
    await postgres.primary.start();
  });
});
