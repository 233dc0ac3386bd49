/** Everything that a single Postgres can do to lookups, and that it passes by itself. */
import { setTimeout as delay } from "node:timers/promises";
import { expect } from "chai";
import pg from "pg";
import { openTestService, type TestService } from "../http/openTestService.js";
import { expectAllAnswered, expectHonest, storeAvatars } from "./faultScene.js";
import { type GatewayStream, startGatewayStream } from "./gatewayStream.js";
import { type PostgresServer, startPostgres } from "./postgresServer.js";

const MAX_CONNECTIONS = 30;

describe("faults: the database", () => {
  let postgres: PostgresServer;
  let http: TestService;
  let stream: GatewayStream;
  let hogs: pg.Client[] = [];

  before(async () => {
    postgres = await startPostgres(`max_connections=${MAX_CONNECTIONS}`);
    http = await openTestService(postgres.url);
    stream = startGatewayStream(http.url, await storeAvatars(http.service));
    await stream.recovered(5_000);
  });
  after(async () => {
    await stream.stop();
    await http.stop();
    await postgres.remove();
  });

  const connectHog = async () => {
    const client = new pg.Client({ connectionString: postgres.url });
    client.on("error", () => undefined);
    await client.connect();
    hogs.push(client);
    return client;
  };
  const releaseHogs = async () => {
    await Promise.all(hogs.map((client) => client.end()));
    hogs = [];
  };

  const faults: {
    what: string;
    begin: () => Promise<void>;
    lastingMs: number;
    end: () => Promise<void>;
    reason: RegExp;
  }[] = [
    {
      what: "stopped",
      begin: () => postgres.stop(),
      lastingMs: 3_000,
      end: () => postgres.start(),
      reason: /Check that Postgres runs/,
    },
    {
      what: "killed with -9",
      begin: () => postgres.kill(),
      lastingMs: 2_000,
      end: () => postgres.start(),
      reason: /Check that Postgres runs/,
    },
    {
      what: "standing still, as on a machine that hangs",
      begin: () => postgres.freeze(),
      lastingMs: 6_000,
      end: () => postgres.thaw(),
      reason: /timeout|did not answer within|does not keep up/,
    },
    {
      what: "slow, because a table is locked",
      begin: async () => {
        const admin = await connectHog();
        await admin.query("begin; lock table name in access exclusive mode");
      },
      lastingMs: 6_000,
      end: releaseHogs,
      reason: /A statement took too long/,
    },
    {
      what: "out of connections",
      begin: async () => {
        const admin = await connectHog();
        for (let count = 1; count < MAX_CONNECTIONS;) {
          await admin.query(
            "select pg_terminate_backend(pid) from pg_stat_activity where application_name like 'signpost%'",
          );
          count = await connectHog().then(
            () => hogs.length,
            () => count, // the service was quicker
          );
        }
      },
      lastingMs: 3_000,
      end: releaseHogs,
      reason: /It has too many connections/,
    },
  ];

  for (const { what, begin, lastingMs, end, reason } of faults) {
    it(`${what}: signed answers or 503 within 3 s, and answers again by itself`, async () => {
      expectAllAnswered(await stream.during(() => delay(500)));

      http.failures.length = 0;
      const outage = await stream.during(async () => {
        await begin();
        await delay(lastingMs);
      });
      expectHonest(outage);
      expect(outage.unavailable).to.be.above(20);
      expect(new Set(http.failures.map(({ code }) => code))).to.deep.equal(
        new Set(["DATABASE_UNAVAILABLE"]),
      );
      expect(http.failures.map(({ message }) => message).join("\n")).to.match(reason);

      expectHonest(
        await stream.during(async () => {
          await end();
          await stream.recovered(5_000);
          // what was begun while it was down may end a moment later
          await delay(500);
        }),
      );
      expectAllAnswered(await stream.during(() => delay(500)));
    });
  }
});
