/** A service's own database that is stopped, frozen, slow, full or endless: its own names are 503 in time, and other domains do not notice. */
import { Agent } from "node:http";
import { setTimeout as delay } from "node:timers/promises";
import { expect } from "chai";
import pg from "pg";
import { openPool } from "../../src/db/pool.js";
import { sourceStore } from "../../src/db/sourceStore.js";
import { textRequest } from "../gateway/ensRequest.js";
import {
  CCIP_PATH,
  DOMAIN,
  NESTED_DOMAIN,
  openTestService,
  RESOLVER,
  type TestService,
} from "../http/openTestService.js";
import { type ServicePostgres, startServicePostgres } from "../source-postgres/servicePostgres.js";
import { post } from "./gatewayStream.js";

const MEASURE_MS = 3_000;
/** What is below may be noise of a shared machine; whoever waited for the service would wait for a second. */
const NOISE_MS = 200;
const LONGEST_MS = 3_000;
/** Connections of the server, and those of them that are kept for its superuser. */
const MOST = 12;
const RESERVED = 3;

interface Measured {
  readonly p99Ms: number;
  readonly longestMs: number;
  readonly statuses: ReadonlyMap<number, number>;
  readonly count: number;
}

describe("faults: a service's own database", function () {
  this.timeout(540_000);
  let postgres: ServicePostgres;
  let http: TestService;
  const agent = new Agent({ keepAlive: true });
  let asked = 0;

  before(async () => {
    postgres = await startServicePostgres({ settings: [`max_connections=${MOST}`] });
    await postgres.sql(`
      create role without login; grant select on users to without;
      insert into users (username, avatar) select 'u' || n, 'a.png' from generate_series(1, 5000) n;`);
    await postgres.trust("without");
    http = await openTestService();
    await source({});
  });
  after(async () => {
    agent.destroy();
    await http.stop();
    await postgres.remove();
  });

  /** Puts another source behind the domain. */
  async function source(changes: object): Promise<void> {
    const pool = openPool({ url: http.databaseUrl });
    const store = sourceStore(pool);
    const before = await store.sourceOf(DOMAIN);
    if (before) await store.remove(before.id);
    const settings = postgres.settings({ user: "without", ...changes });
    await store.add({ domain: DOMAIN, settings, freshMs: 1000 });
    await pool.end();
    await delay(1_200);
  }

  /** Names of the domain, one every `everyMs`, never the same twice. */
  async function lookUps(
    nameOf: (n: number) => string,
    everyMs: number,
    forMs = MEASURE_MS,
  ): Promise<Measured> {
    const tookMs: number[] = [];
    const statuses = new Map<number, number>();
    const underWay: Promise<void>[] = [];
    const endMs = performance.now() + forMs;
    while (performance.now() < endMs) {
      underWay.push(
        (async () => {
          const data = textRequest(nameOf(++asked), "avatar");
          const startMs = performance.now();
          const { status } = await post(http.url + CCIP_PATH, agent, { data, sender: RESOLVER });
          tookMs.push(performance.now() - startMs);
          statuses.set(status, (statuses.get(status) ?? 0) + 1);
        })(),
      );
      await delay(everyMs);
    }
    await Promise.all(underWay);
    tookMs.sort((a, b) => a - b);
    return {
      p99Ms: tookMs[Math.floor(tookMs.length * 0.99)] ?? NaN,
      longestMs: tookMs.at(-1) ?? NaN,
      statuses,
      count: tookMs.length,
    };
  }
  const others = () => lookUps((n) => `x${n}.${NESTED_DOMAIN}`, 10);
  const own = () => lookUps((n) => `u${1 + (n % 5000)}.${DOMAIN}`, 10);

  /** `noiseMs`: more where the service's server takes the cores that the gateway runs on as well. */
  async function expectUnnoticed(
    what: string,
    quiet: Measured,
    { isAnswered = false, isEither = false, noiseMs = NOISE_MS } = {},
  ): Promise<void> {
    // what was known before the fault is over
    await delay(1_100);
    const [good, bad] = await Promise.all([others(), own()]);
    const shown = (one: Measured) =>
      `p99 ${one.p99Ms.toFixed(1)} ms, longest ${one.longestMs.toFixed(0)} ms, ${JSON.stringify([...one.statuses])}`;
    console.log(
      `      ${what}: others ${shown(good)} (quiet ${quiet.p99Ms.toFixed(1)} ms); own ${shown(bad)}`,
    );
    expect([...good.statuses.keys()], what).to.deep.equal([200]);
    expect(good.p99Ms, what).to.be.below(Math.max(2 * quiet.p99Ms, noiseMs));
    expect(bad.longestMs, what).to.be.below(LONGEST_MS);
    // where only reading takes long, they may be found before the time is over
    if (isEither) return;
    expect(bad.statuses.get(isAnswered ? 200 : 503), what).to.be.above(0.8 * bad.count);
  }

  it("is noticed by nobody else, whatever is wrong with it", async () => {
    // as many lookups as later, so that only the fault makes a difference; what varies without one is no fault's
    const rounds: Measured[] = [];
    for (let round = 0; round < 3; round++) {
      rounds.push((await Promise.all([others(), own()]))[0]);
    }
    const quiet = rounds.reduce((one, other) => (one.p99Ms > other.p99Ms ? one : other));
    await expectUnnoticed("healthy", quiet, { isAnswered: true });

    await postgres.server.stop();
    await expectUnnoticed("stopped", quiet);
    await postgres.server.start();
    await postgres.server.freeze();
    await expectUnnoticed("frozen", quiet);
    await postgres.server.thaw();

    await postgres.sql(
      "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'signpost source'",
    );
    const hogs = Array.from({ length: MOST - RESERVED }, () => {
      const { port } = postgres;
      const hog = new pg.Client({ host: "127.0.0.1", port, user: "without", database: "postgres" });
      hog.on("error", () => undefined);
      return hog;
    });
    await Promise.all(hogs.map((hog) => hog.connect()));
    await expectUnnoticed("full", quiet);
    await Promise.all(hogs.map((hog) => hog.end()));

    await postgres.sql(`
      create view slow as select username, avatar || pg_sleep(20)::text as avatar from users;
      create view many as select 'm' || n as username, 'x' as avatar from generate_series(1, 10000000) n;
      create table large as select 'l' || n as username, 'x' as avatar from generate_series(1, 300000) n;
      grant select on slow, many, large to without;`);
    const columns = { label: "username", texts: { avatar: "avatar" } };
    await source({ table: "slow", columns });
    await expectUnnoticed("slow", quiet);
    await source({ table: "many", columns });
    await expectUnnoticed("ten million rows of a function, without an index", quiet);
    await source({ table: "large", columns });
    await expectUnnoticed("300,000 rows without an index", quiet, { isEither: true, noiseMs: 500 });
    await postgres.sql("create index on large (username); analyze large");
    await expectUnnoticed("300,000 rows with an index", quiet, { isAnswered: true });
  });
});
