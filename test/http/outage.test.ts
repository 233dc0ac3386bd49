/** A database that stops under the running service, and comes back. */
import { chmod, mkdtemp, realpath, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { expect } from "chai";
import { signUp } from "../../src/demo/people.js";
import {
  type EmbeddedPostgres,
  startEmbeddedPostgres,
} from "../../src/embedded-postgres/embeddedPostgres.js";
import { socketFolderOf } from "../../src/embedded-postgres/socketFolder.js";
import { textRequest, verifyAnswer } from "../gateway/ensRequest.js";
import {
  answerOf,
  DOMAIN,
  openTestService,
  RESOLVER,
  SIGNER,
  type TestService,
} from "./openTestService.js";

const REQUEST = textRequest(`alice.${DOMAIN}`, "avatar");

describe("http: an outage of the database", function () {
  this.timeout(180_000);
  let root: string;
  let postgres: EmbeddedPostgres;
  let http: TestService;

  before(async () => {
    root = await realpath(await mkdtemp("/tmp/signpost-test-"));
    if (process.getuid?.() === 0) await chmod(root, 0o755);
    postgres = await startEmbeddedPostgres({ dir: join(root, "postgres") });
    http = await openTestService(postgres.url);
  });
  after(async () => {
    await http.stop();
    await postgres.stop();
    await rm(socketFolderOf(postgres.dataDir), { recursive: true, force: true });
    await rm(root, { recursive: true, force: true, maxRetries: 6, retryDelay: 100 });
  });

  const health = (path: string) => answerOf(fetch(`${http.url}/health/${path}`));

  it("is alive and ready while the database answers", async () => {
    expect(await health("live")).to.deep.include({ status: 200, body: { status: "live" } });
    const ready = await health("ready");
    expect(ready.status).to.equal(200);
    expect(ready.body).to.deep.include({ status: "ready", reasons: [] });
    expect(await http.ccip(REQUEST)).to.include({ status: 200 });
  });

  it("is alive, not ready, and says so with 503 everywhere while it does not", async () => {
    const person = await signUp(["a.eth"]);
    await postgres.stop();
    http.failures.length = 0;
    expect(await health("live")).to.include({ status: 200 });
    // what was found out is told for a second
    await delay(1_000);
    const { status, body } = await health("ready");
    expect(status).to.equal(503);
    expect(body).to.include({ status: "not ready" });
    expect(body["reasons"]).to.have.length(1);
    expect((body["reasons"] as string[])[0]).to.match(/^The database did not answer/);

    // a name that was not asked before, with what is known of the domains; and one that was, when that is old
    for (const [waitMs, request] of [
      [0, textRequest(`bob.${DOMAIN}`, "avatar")],
      [1100, REQUEST],
    ] as const) {
      await new Promise((resolve) => setTimeout(resolve, waitMs));
      const lookup = await http.ccip(request);
      expect(lookup.status).to.equal(503);
      expect(lookup.body).to.have.all.keys("message");
      expect(lookup.body["message"]).to.match(/The database did not answer.* try again/);
      expect(lookup.headers.get("access-control-allow-origin")).to.equal("*");
    }
    const write = await http.v1("PUT", `/names/alice.${DOMAIN}/profile`, person);
    expect(write.status).to.equal(503);
    expect(write.body).to.include({ code: "DATABASE_UNAVAILABLE" });
    const codes = new Set(http.failures.map(({ code }) => code));
    expect([...codes]).to.deep.equal(["DATABASE_UNAVAILABLE"]);
    const told = JSON.stringify([body, write.body, http.failures.map(({ message }) => message)]);
    expect(told).not.to.include(root);
    expect(told).not.to.include(postgres.url);
  });

  it("still refuses what is malformed with 4xx, for that is known without a database", async () => {
    expect(await http.ccip("0x1234")).to.include({ status: 400 });
  });

  it("answers again by itself when the database is back", async () => {
    postgres = await startEmbeddedPostgres({ dir: join(root, "postgres") });
    expect(await health("ready")).to.include({ status: 200 });
    const { status, body } = await http.ccip(REQUEST);
    expect(status).to.equal(200);
    const target = { target: RESOLVER, request: REQUEST };
    expect(verifyAnswer(String(body["data"]), target).signer).to.equal(SIGNER);
  });
});
