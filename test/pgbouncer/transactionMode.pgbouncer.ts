/** The service behind a real pgbouncer in transaction mode, with fewer connections to Postgres than of ours. */
import { setTimeout as delay } from "node:timers/promises";
import { expect } from "chai";
import pg from "pg";
import {
  type RegistryService,
  startRegistryService,
} from "../../src/capabilities/registry/registryService.js";
import { type Person, signUp } from "../../src/demo/people.js";
import type { SignpostError } from "../../src/errors.js";
import { addDomain } from "../../src/registry/access/addDomain.js";
import { bytes } from "../db/sampleNames.js";
import { expectRejection } from "../expectError.js";
import { expectAllAnswered, expectHonest, storeAvatars } from "../faults/faultScene.js";
import { type GatewayStream, startGatewayStream } from "../faults/gatewayStream.js";
import { type PostgresServer, startPostgres } from "../faults/postgresServer.js";
import { API_KEY, DOMAIN, signer } from "../http/openTestService.js";
import { type Bouncer, startBouncer } from "./bouncer.js";

const SERVER_CONNECTIONS = 3;
const GATEWAYS = 3;
const PUBLISHED = 12;

describe("behind a pgbouncer in transaction mode", () => {
  let postgres: PostgresServer;
  let bouncer: Bouncer;
  let services: RegistryService[] = [];
  let streams: GatewayStream[] = [];
  const failures: SignpostError[] = [];

  const start = (databaseUrl: string, pooler: "none" | "transaction") =>
    startRegistryService({
      databaseUrl,
      pooler,
      signer,
      validitySec: 240,
      host: "127.0.0.1",
      port: 0,
      reportFailure: (error) => failures.push(error),
    });

  before(async () => {
    postgres = await startPostgres();
    // what docs/operations/several-gateways.md tells an operator to run
    await asAdmin(postgres.url, [
      "create role signpost login",
      "create database signpost owner signpost",
      "alter role signpost in database signpost set search_path = signpost",
      "alter role signpost in database signpost set statement_timeout = '10s'",
      "alter role signpost in database signpost set idle_in_transaction_session_timeout = '30s'",
    ]);
    const database = postgres.url.replace("/postgres?", "/signpost?");
    await asAdmin(database, ["create schema signpost authorization signpost"]);
    const account = { user: "signpost", database: "signpost" };
    bouncer = await startBouncer(postgres.url, account, SERVER_CONNECTIONS);
    console.log(`      pgbouncer ${bouncer.version}`);
  });
  after(async () => {
    await Promise.all(streams.map((stream) => stream.stop()));
    await Promise.all(services.map((service) => service.stop()));
    await bouncer.stop();
    await postgres.remove();
  });

  it("says what to set when it is not told of the pooler", async () => {
    await expectRejection(
      start(bouncer.url, "none"),
      "DATABASE_UNAVAILABLE",
      /set DATABASE_POOLER=transaction/,
    );
  });

  it(`migrates, writes and answers, ${GATEWAYS} gateways on ${SERVER_CONNECTIONS} connections to Postgres`, async () => {
    // all at once: one migrates, the others wait for its lock
    services = await Promise.all(
      Array.from({ length: GATEWAYS }, () => start(bouncer.url, "transaction")),
    );
    const [first] = services as [RegistryService, ...RegistryService[]];
    const served = { domain: DOMAIN, chainId: 1n, resolver: bytes(20, 0x5f) };
    await addDomain(first.domains, served, API_KEY);
    const avatars = await storeAvatars(first);
    streams = services.map(({ url }) => startGatewayStream(url, avatars));

    // deriving keys holds up everything in this process, so before the clock runs
    const people: Person[] = [];
    for (let count = 0; count < PUBLISHED; count++) people.push(await signUp([`relay.${DOMAIN}`]));
    const statuses: number[] = [];
    const publishAll = async () => {
      for (const [index, person] of people.entries()) {
        statuses.push(await publish(services[index % GATEWAYS]!.url, index, person));
      }
      await delay(1_000);
    };
    const publishing = publishAll();
    const tallies = await Promise.all(streams.map((stream) => stream.during(() => publishing)));
    for (const tally of tallies) expectAllAnswered(tally);
    expect(statuses).to.deep.equal(people.map(() => 201));
    expect(failures).to.deep.equal([]);
  });

  it("answers or says 503 within 3 s while Postgres is down behind it, and answers again by itself", async () => {
    const [stream] = streams as [GatewayStream, ...GatewayStream[]];
    const outage = await stream.during(async () => {
      await postgres.stop();
      await delay(4_000);
    });
    expectHonest(outage);
    expect(outage.unavailable).to.be.above(20);
    expectHonest(
      await stream.during(async () => {
        await postgres.start();
        await stream.recovered(10_000);
      }),
    );
    await delay(3_000);
    expectAllAnswered(await stream.during(() => delay(500)));
  });
});

async function publish(url: string, index: number, person: Person): Promise<number> {
  const response = await fetch(`${url}/v1/names/published-${index}.${DOMAIN}/profile`, {
    method: "PUT",
    headers: { authorization: `Bearer ${API_KEY}`, "content-type": "application/json" },
    body: JSON.stringify(person),
  });
  await response.text();
  return response.status;
}

async function asAdmin(url: string, statements: readonly string[]): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  for (const statement of statements) await client.query(statement);
  await client.end();
}
