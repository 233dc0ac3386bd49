/** What several capabilities have together behind one port: routes, health, metrics, commands, tables and their end. */
import { setTimeout as delay } from "node:timers/promises";
import { expect } from "chai";
import { Router } from "express";
import { openPool } from "../../src/db/pool.js";
import { SignpostError } from "../../src/errors.js";
import type { Statuses } from "../../src/http/shownError.js";
import {
  openScratchDatabase,
  type ScratchDatabase,
} from "../../src/installation/scratchDatabase.js";
import type { SealedColumn } from "../../src/sealing/place.js";
import type { Secrets } from "../../src/sealing/secrets.js";
import type { Findings, Parts, RunningCapability } from "../../src/service/capability.js";
import {
  type Service,
  type ServiceOptions,
  type Startable,
  startService,
} from "../../src/service/service.js";
import { expectRejection } from "../expectError.js";
import { readMetrics } from "../observe/exposition.js";

/** A capability with a table, a route and a number of its own, as small as one can be. */
class Counter {
  readonly events: string[] = [];
  reasons: readonly string[] = [];
  /** What `reload` and `stop` reject with. */
  failure: Error | null = null;
  /** What its route throws, and the codes that it refuses with. */
  refusal: SignpostError | null = null;
  statuses: Statuses<never> = { INVALID_REQUEST: 400, TOO_LARGE: 413, INTERNAL: 500 };
  path: string;

  constructor(
    readonly name: string,
    readonly migrations: URL | null = null,
  ) {
    this.path = `/${name}`;
  }

  get startable(): Startable {
    const { name, migrations } = this;
    const capability = { name, migrations, summary: `counts as ${name}`, sealedColumns: [] };
    return {
      capability,
      start: async (parts) => {
        this.events.push("start");
        if (migrations !== null) this.events.push((await parts.database.migrate()).schema);
        return this.running;
      },
    };
  }

  private get running(): RunningCapability {
    const { name, events, path, statuses } = this;
    const handler = Router().get("/", (_request, response) => {
      if (this.refusal) throw this.refusal;
      response.send(name);
    });
    const findings: Findings = { lines: [`  ${name} counts`], warnings: [] };
    return {
      routes: [
        {
          kind: "listener",
          take: ({ url }, response) => {
            if (url !== `/fast/${name}`) return false;
            response.end(`${name}, at once`);
            return true;
          },
        },
        { kind: "handler", path, handler, statuses, isApi: false },
      ],
      readiness: () => Promise.resolve({ reasons: this.reasons, warnings: [`${name} warns.`] }),
      metrics: (publish) => {
        publish.gauge(`signpost_${name}_total`, "Counted.", "sum", () => [{ value: 7 }]);
      },
      findings: () => Promise.resolve(findings),
      reload: (tell) => {
        if (this.failure) return Promise.reject(this.failure);
        tell(`${name} read its settings again`);
        return Promise.resolve();
      },
      stop: () => {
        events.push("stop");
        return this.failure ? Promise.reject(this.failure) : Promise.resolve();
      },
    };
  }
}

describe("service", () => {
  let database: ScratchDatabase;
  let service: Service | undefined;

  before(async () => {
    database = await openScratchDatabase();
  });
  afterEach(async () => {
    await service?.stop();
    service = undefined;
  });
  after(() => database.close());

  const options = (more: Partial<ServiceOptions> = {}): ServiceOptions => ({
    host: "127.0.0.1",
    port: 0,
    database: { url: database.url, standbyUrls: [], pooler: "none" },
    reportFailure: (error) => {
      throw error;
    },
    ...more,
  });

  const schemasBeside = async () => {
    const pool = openPool({ url: database.url });
    const { rows } = await pool.query<{ name: string }>(
      "select nspname as name from pg_namespace where starts_with(nspname, $1) order by 1",
      [`${database.schema}_`],
    );
    await pool.end();
    return rows.map(({ name }) => name);
  };

  const get = async (path: string) => {
    const response = await fetch(`${service?.url ?? ""}${path}`);
    return { status: response.status, text: await response.text() };
  };

  it("answers what each of its capabilities answers, and nothing else", async () => {
    service = await startService(
      [new Counter("a").startable, new Counter("b").startable],
      options(),
    );
    expect(await get("/a")).to.deep.equal({ status: 200, text: "a" });
    expect(await get("/b")).to.deep.equal({ status: 200, text: "b" });
    expect(await get("/fast/b")).to.deep.equal({ status: 200, text: "b, at once" });
    const { status, text } = await get("/c");
    expect(status).to.equal(404);
    expect(JSON.parse(text)).to.include({
      code: "NOT_FOUND",
      message: "Nothing answers GET on this path. Check the path and the method.",
    });
  });

  it("refuses by the codes of the capability that was asked, and reports all others as defects", async () => {
    const [a, b] = [new Counter("a"), new Counter("b")];
    a.statuses = { ...a.statuses, NAME_TAKEN: 409 } as Statuses<"NAME_TAKEN">;
    a.refusal = new SignpostError("NAME_TAKEN", "The name is taken.", { name: "a.eth" });
    b.refusal = a.refusal;
    const reported: SignpostError[] = [];
    const reportFailure = (error: SignpostError) => void reported.push(error);
    service = await startService([a.startable, b.startable], options({ reportFailure }));
    const ofA = await get("/a");
    expect(ofA.status).to.equal(409);
    expect(JSON.parse(ofA.text)).to.include({ code: "NAME_TAKEN" });
    const ofB = await get("/b");
    expect(ofB.status).to.equal(500);
    expect(JSON.parse(ofB.text)).to.include({ code: "INTERNAL" });
    expect(reported.map(({ cause }) => cause)).to.deep.equal([b.refusal]);
  });

  for (const [path, other] of [
    ["/a", "/a"],
    ["/A/", "/a"],
    ["/a/below", "/a"],
    ["/", "/"],
    ["/health", null],
    ["/health/live", null],
    ["/metrics", null],
  ] as const) {
    it(`does not start where ${path} would be answered by two`, async () => {
      const [a, b] = [new Counter("a"), new Counter("b")];
      if (other !== null) a.path = other;
      b.path = path;
      await expectRejection(
        startService([a.startable, b.startable], options()),
        "INTERNAL",
        /^Two handlers would answer .*\. Give each capability paths of its own\.$/,
      );
      expect([...a.events, ...b.events]).to.deep.equal(["start", "stop", "start", "stop"]);
    });
  }

  it("starts where paths only begin alike, or one is mounted below all", async () => {
    const [a, b, c] = [new Counter("a"), new Counter("ab"), new Counter("c")];
    c.path = "/";
    service = await startService(
      [a, b, c].map(({ startable }) => startable),
      options(),
    );
    expect(await get("/ab")).to.include({ text: "ab" });
    expect(await get("/")).to.include({ text: "c" });
  });

  it("is ready when all are, and says of each what is wrong", async () => {
    const [a, b] = [new Counter("a"), new Counter("b")];
    service = await startService([a.startable, b.startable], options());
    expect(await get("/health/ready")).to.deep.equal({
      status: 200,
      text: JSON.stringify({ status: "ready", reasons: [], warnings: ["a warns.", "b warns."] }),
    });
    b.reasons = ["b cannot count."];
    // what was found out is told for a second
    await delay(1_000);
    const { status, text } = await get("/health/ready");
    expect(status).to.equal(503);
    expect(JSON.parse(text)).to.deep.include({ status: "not ready", reasons: ["b cannot count."] });
    expect(await service.readiness())
      .to.have.property("reasons")
      .that.has.length(1);
  });

  it("publishes the numbers of all beside those of the process", async () => {
    service = await startService(
      [new Counter("a").startable, new Counter("b").startable],
      options(),
    );
    const { values } = readMetrics((await get("/metrics")).text);
    expect(values.get("signpost_a_total")).to.equal(7);
    expect(values.get("signpost_b_total")).to.equal(7);
    expect(values.get("signpost_processes")).to.equal(1);
  });

  it("tells the findings of all, and lets all read their settings again", async () => {
    service = await startService(
      [new Counter("a").startable, new Counter("b").startable],
      options(),
    );
    expect(await service.findings()).to.deep.equal({
      lines: ["  a counts", "  b counts"],
      warnings: [],
    });
    const told: string[] = [];
    await service.reload((line) => told.push(line));
    expect(told).to.deep.equal(["a read its settings again", "b read its settings again"]);
  });

  it("gives each its own tables in the one database", async () => {
    const [a, b] = ["a", "b"].map((name) => new Counter(name, new URL("tables/", import.meta.url)));
    service = await startService([a!.startable, b!.startable], options());
    expect(a!.events).to.deep.equal(["start", `${database.schema}_a`]);
    expect(b!.events).to.deep.equal(["start", `${database.schema}_b`]);
    const pool = openPool({ url: database.url });
    const { rows } = await pool.query<{ where: string }>(
      `select table_schema as where from information_schema.tables
       where table_name = 'counted' and table_schema like $1 order by 1`,
      [`${database.schema}\\_%`],
    );
    expect(rows.map(({ where }) => where)).to.deep.equal([
      `${database.schema}_a`,
      `${database.schema}_b`,
    ]);
    await pool.query(`drop schema ${database.schema}_a, ${database.schema}_b cascade`);
    await pool.end();
  });

  it("opens secrets for those that declare a sealed column, in that column only", async () => {
    const column = (name: string): SealedColumn => ({
      ...{ capability: name, table: "counted", column: "secret", dataKeyColumn: "secret_key" },
      primaryKey: [{ column: "id", type: "text" }],
    });
    const [own, ofOther] = [column("a"), column("b")];
    const secrets: Secrets[] = [];
    const keeping = ({ startable }: Counter, sealedColumns: readonly SealedColumn[]) => ({
      capability: { ...startable.capability, sealedColumns },
      start: (parts: Parts) => {
        secrets.push(parts.secrets);
        return startable.start(parts);
      },
    });
    const write = (to: Secrets | undefined, at: SealedColumn) =>
      to!.write({ column: at, row: ["x"] }, new Uint8Array(1), () => Promise.resolve());

    service = await startService([keeping(new Counter("b"), [])], options());
    await expectRejection(write(secrets[0], ofOther), "INTERNAL", /b declares no sealed column/);
    await expectRejection(secrets[0]!.check(), "INTERNAL", /b declares no sealed column/);
    expect(await schemasBeside()).to.deep.equal([]);
    await service.stop();

    service = await startService(
      [keeping(new Counter("a"), [own]), keeping(new Counter("b"), [])],
      options(),
    );
    expect(await schemasBeside()).to.deep.equal([`${database.schema}_sealing`]);
    const [, a, b] = secrets;
    // it would be sealed, if there were a key
    await expectRejection(write(a, own), "INVALID_CONFIGURATION", /SECRETS_KEY_LOCATION/);
    const sentence = /a does not declare the sealed column b\.counted\.secret/;
    await expectRejection(write(a, ofOther), "INTERNAL", sentence);
    await expectRejection(write(b, own), "INTERNAL", /b declares no sealed column/);
  });

  it("does not start a capability whose tables do not keep the keys of its secrets", async () => {
    const { capability, start } = new Counter("e", new URL("tables/", import.meta.url)).startable;
    const column: SealedColumn = {
      ...{ capability: "e", table: "counted", column: "number", dataKeyColumn: "number_key" },
      primaryKey: [{ column: "number", type: "bigint" }],
    };
    const keeping = { capability: { ...capability, sealedColumns: [column] }, start };
    const sentence = /Nothing keeps the data keys of e\.counted: number_key must be/;
    await expectRejection(startService([keeping], options()), "INTERNAL", sentence);
  });

  it("stops each once, and leaves nothing running when one cannot start", async () => {
    const [a, b] = [new Counter("a"), new Counter("b")];
    service = await startService([a.startable, b.startable], options());
    await Promise.all([service.stop(), service.stop()]);
    expect([...a.events, ...b.events]).to.deep.equal(["start", "stop", "start", "stop"]);

    const [c, broken] = [new Counter("c"), new Counter("d", new URL("nowhere/", import.meta.url))];
    const failed = await startService([c.startable, broken.startable], options()).catch(
      (error: unknown) => error,
    );
    expect(failed).to.be.an("error");
    expect(c.events).to.deep.equal(["start", "stop"]);
    expect(broken.events).to.deep.equal(["start"]);
  });

  it("stops the others where one does not stop, reports each failure, and throws the first", async () => {
    const [a, b, c] = [new Counter("a"), new Counter("b"), new Counter("c")];
    const reported: SignpostError[] = [];
    const reportFailure = (error: SignpostError) => void reported.push(error);
    const startables = [a, b, c].map(({ startable }) => startable);
    const failing = await startService(startables, options({ reportFailure }));
    [a.failure, b.failure] = [new Error("a hangs"), new Error("b hangs")];
    expect(await failing.stop().catch((error: unknown) => error)).to.equal(a.failure);
    expect(reported.map(({ cause }) => cause)).to.deep.equal([a.failure, b.failure]);
    expect(c.events).to.deep.equal(["start", "stop"]);
  });

  it("throws what kept it from starting, also where another one does not stop then", async () => {
    const [a, broken] = [new Counter("a"), new Counter("d", new URL("nowhere/", import.meta.url))];
    a.failure = new Error("a hangs");
    const reported: SignpostError[] = [];
    const reportFailure = (error: SignpostError) => void reported.push(error);
    const startables = [a.startable, broken.startable];
    const failed = await startService(startables, options({ reportFailure })).catch(
      (error: unknown) => error,
    );
    expect(failed).to.have.property("message").that.includes("nowhere");
    expect(reported.map(({ cause }) => cause)).to.deep.equal([a.failure]);
  });

  it("lets the others read their settings again where one cannot, and reports that", async () => {
    const [a, b] = [new Counter("a"), new Counter("b")];
    const reported: SignpostError[] = [];
    const reportFailure = (error: SignpostError) => void reported.push(error);
    service = await startService([a.startable, b.startable], options({ reportFailure }));
    a.failure = new Error("a hangs");
    const told: string[] = [];
    await service.reload((line) => told.push(line));
    expect(told).to.deep.equal(["b read its settings again"]);
    expect(reported.map(({ cause }) => cause)).to.deep.equal([a.failure]);
    a.failure = null;
  });
});
