import { createHash, randomBytes } from "node:crypto";
import { request as httpRequest } from "node:http";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { expect } from "chai";
import { relayTablesWanted } from "../../../src/capabilities/relay/migrations.js";
import { migrate } from "../../../src/db/migrate.js";
import { openPool } from "../../../src/db/pool.js";
import { relayTables } from "../../../src/db/relay/relayTables.js";
import { openScratchDatabase } from "../../../src/installation/scratchDatabase.js";
import { makeKeyFile } from "../../../src/wrapping-keys/fileWrappingKey.js";
import { removeFolder, temporaryFolder } from "../../childProgram.js";
import { BLOBS } from "../../db/relay/relayDatabase.js";
import { openRelayService, type RelayService } from "./openRelayService.js";

const DAY_MS = 86_400_000;
const TYPE = "application/octet-stream";
const SEALED = BLOBS.mostBytes + 17;
const idOf = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");

describe("http: blobs at the relay node", () => {
  let node: RelayService;
  let token: string;
  beforeEach(async () => {
    node = await openRelayService({ url: "https://relay.example.com/ds" });
    token = await node.signIn("bob");
  });
  afterEach(async () => {
    expect(node.failures).to.deep.equal([]);
    await node.stop();
  });

  const upload = async (
    bytes: Uint8Array<ArrayBuffer>,
    { by = token, type = TYPE, path = "/blobs" } = {},
  ) => {
    const response = await fetch(node.url + path, {
      ...{ method: "POST", body: bytes },
      headers: { "content-type": type, ...(by !== "" && { authorization: `Bearer ${by}` }) },
    });
    const text = await response.text();
    const json = text.startsWith("{") ? (JSON.parse(text) as Record<string, unknown>) : {};
    return { status: response.status, json };
  };
  const get = async (id: string) => {
    const response = await fetch(`${node.url}/blobs/${id}`);
    const { status, headers } = response;
    return { status, headers, bytes: new Uint8Array(await response.arrayBuffer()) };
  };
  const random = (length: number) => new Uint8Array(randomBytes(length));

  it("keeps an account's bytes for whoever knows their hash, and makes no page of them", async () => {
    const bytes = random(SEALED);
    const id = idOf(bytes);
    expect(await upload(bytes)).to.deep.equal({
      status: 201,
      json: {
        id,
        url: `https://relay.example.com/ds/blobs/${id}`,
        expiresMs: node.clock.nowMs + 90 * DAY_MS,
      },
    });
    const got = await get(id);
    expect(got.status).to.equal(200);
    expect(got.bytes).to.deep.equal(bytes);
    expect(got.headers.get("content-type")).to.equal(TYPE);
    expect(got.headers.get("content-disposition")).to.equal("attachment");
    expect(got.headers.get("x-content-type-options")).to.equal("nosniff");
    expect(got.headers.get("access-control-allow-origin")).to.equal("*");
    const head = await fetch(`${node.url}/blobs/${id}`, { method: "HEAD" });
    expect(head.headers.get("content-length")).to.equal(String(SEALED));
    for (const other of [idOf(random(1)), id.toUpperCase(), id.slice(1), "..", "%00", "x"]) {
      expect((await get(other)).status, other).to.equal(404);
    }
  });

  it("takes none from those who did not prove to have an account", async () => {
    const bytes = random(100);
    expect((await upload(bytes, { by: "" })).status).to.equal(401);
    expect((await upload(bytes, { by: "x.y.z" })).status).to.equal(401);
    // everybody can send alice's public profile
    expect((await upload(bytes, { by: await node.signUp("alice") })).status).to.equal(401);
    node.clock.nowMs += 3_601_000;
    expect((await upload(bytes)).status).to.equal(401);
    expect((await get(idOf(bytes))).status).to.equal(404);
  });

  it("refuses what is too long, too short, of another type or compressed", async () => {
    expect(await upload(random(SEALED + 1))).to.deep.include({ status: 413 });
    expect((await upload(random(SEALED + 1))).json).to.include({ code: "TOO_LARGE" });
    expect(await upload(random(16))).to.deep.include({ status: 400 });
    expect(await upload(random(100), { type: "application/json" })).to.include({ status: 400 });
    const compressed = await fetch(`${node.url}/blobs`, {
      ...{ method: "POST", body: random(100) },
      headers: {
        "content-type": TYPE,
        "content-encoding": "gzip",
        authorization: `Bearer ${token}`,
      },
    });
    expect(compressed.status).to.equal(400);
    expect((await upload(random(100))).status).to.equal(201);
  });

  /** Sends a part of the body, or in chunks, and what comes of it; "gone" where the client left. */
  const sendRaw = (headers: Record<string, string>, bytes: Uint8Array, isCut: boolean) =>
    new Promise<number | "gone">((resolve) => {
      const sending = httpRequest(`${node.url}/blobs`, {
        method: "POST",
        headers: { "content-type": TYPE, authorization: `Bearer ${token}`, ...headers },
      });
      sending.on("response", (response) => {
        response.resume();
        resolve(response.statusCode ?? 0);
      });
      sending.on("error", () => {
        resolve("gone");
      });
      if (isCut) sending.write(bytes, () => setTimeout(() => sending.destroy(), 100));
      else sending.end(bytes);
    });

  it("keeps nothing of an upload that breaks off, and counts what does not say its length", async () => {
    const bytes = random(50_000);
    const part = bytes.subarray(0, 20_000);
    expect(await sendRaw({ "content-length": "50000" }, part, true)).to.equal("gone");
    expect((await get(idOf(bytes))).status).to.equal(404);
    expect((await get(idOf(part))).status).to.equal(404);
    const chunked = { "transfer-encoding": "chunked" };
    expect(await sendRaw(chunked, bytes, false)).to.equal(201);
    expect((await get(idOf(bytes))).bytes).to.deep.equal(bytes);
    expect(await sendRaw(chunked, random(SEALED + 1), false)).to.be.oneOf([413, "gone"]);
  });

  it("holds an account to its room when uploads race, and says so", async () => {
    const racing = Array.from({ length: 12 }, () => upload(random(1_000)));
    const answers = await Promise.all(racing);
    const kept = answers.filter(({ status }) => status === 201);
    const refused = answers.filter(({ status }) => status !== 201);
    expect(kept).to.have.length(BLOBS.account.mostBlobs);
    for (const { status, json } of refused) {
      expect([status, json["code"]]).to.deep.equal([409, "BLOBS_FULL"]);
    }
    // others have their own
    expect((await upload(random(1_000), { by: await node.signIn("alice") })).status).to.equal(201);
  });

  it("bounds how much an account writes in a day, also of what it deletes", async () => {
    const most = (4 * BLOBS.account.mostBytes) / SEALED;
    const statuses: number[] = [];
    for (let count = 0; count < most + 1; count++) {
      const { status, json } = await upload(random(SEALED));
      statuses.push(status);
      if (status === 201)
        await node.ask("DELETE", `/blobs/${String(json["id"])}`, undefined, token);
    }
    expect(statuses.slice(0, -2)).to.not.include(429);
    expect(statuses.at(-1)).to.equal(429);
  });

  it("deletes for the owner alone, and says nothing of whose it is to others", async () => {
    const bytes = random(500);
    const path = `/blobs/${idOf(bytes)}`;
    await upload(bytes);
    const alice = await node.signIn("alice");
    const byOther = await node.ask("DELETE", path, undefined, alice);
    const unknown = await node.ask("DELETE", `/blobs/${idOf(random(9))}`, undefined, alice);
    expect(byOther.status).to.equal(404);
    expect(byOther.body).to.equal(unknown.body);
    expect((await node.ask("DELETE", path)).status).to.equal(401);
    const signedUp = await node.signUp("bob");
    expect((await node.ask("DELETE", path, undefined, signedUp)).status).to.equal(401);
    expect((await get(idOf(bytes))).status).to.equal(200);
    expect((await node.ask("DELETE", path, undefined, token)).status).to.equal(204);
    expect((await get(idOf(bytes))).status).to.equal(404);
    expect((await node.ask("DELETE", path, undefined, token)).status).to.equal(404);
  });

  it("keeps them as long as messages", async () => {
    const bytes = random(500);
    await upload(bytes);
    node.clock.nowMs += 90 * DAY_MS - 1;
    expect((await get(idOf(bytes))).status).to.equal(200);
    node.clock.nowMs += 1;
    expect((await get(idOf(bytes))).status).to.equal(404);
  });

  it("lets pages of other origins upload and delete", async () => {
    for (const method of ["POST", "DELETE"]) {
      const preflight = await fetch(`${node.url}/blobs/${idOf(random(1))}`, {
        method: "OPTIONS",
        headers: {
          origin: "https://app.example",
          "access-control-request-method": method,
          "access-control-request-headers": "authorization,content-type",
        },
      });
      expect(preflight.status).to.equal(204);
      expect(preflight.headers.get("access-control-allow-methods")).to.include(method);
    }
  });
});

describe("http: blobs that have expired", () => {
  it("leave the database, and the account has room again", async () => {
    const scratch = await openScratchDatabase();
    const folder = await temporaryFolder();
    const keyFile = join(folder, "secrets.key");
    await makeKeyFile(keyFile);
    const beside = { databaseUrl: scratch.url, keyFile };
    const before = await openRelayService({}, beside);
    before.clock.nowMs -= 90 * DAY_MS + 1;
    const token = await before.signIn("bob");
    const bytes = new Uint8Array(1_000);
    const response = await fetch(`${before.url}/blobs`, {
      ...{ method: "POST", body: bytes },
      headers: { "content-type": TYPE, authorization: `Bearer ${token}` },
    });
    expect(response.status).to.equal(201);
    await before.stop();
    const pool = openPool({ url: scratch.url, maxConnections: 1 });
    const { schema } = await migrate(pool, await relayTablesWanted());
    const { blob, blobUse } = relayTables(schema);
    const count = `select (select count(*) from ${blob})::integer as rows, blobs, bytes::integer from ${blobUse}`;
    const counted = async () => (await pool.query<object>(count)).rows;
    expect(await counted()).to.deep.equal([{ rows: 1, blobs: 1, bytes: 1_000 }]);
    const after = await openRelayService({}, beside);
    const deadline = Date.now() + 5_000;
    const isGone = async () => ((await counted())[0] as { rows: number }).rows === 0;
    while (!(await isGone()) && Date.now() < deadline) await delay(20);
    expect(await counted()).to.deep.equal([{ rows: 0, blobs: 0, bytes: 0 }]);
    expect([...before.failures, ...after.failures]).to.deep.equal([]);
    await after.stop();
    await pool.end();
    await scratch.close();
    await removeFolder(folder);
  });
});

describe("http: a relay node that keeps no blobs", () => {
  it("has no such path", async () => {
    const node = await openRelayService({ blobs: { ...BLOBS, mostBytes: 0 } });
    const token = await node.signIn("bob");
    const response = await fetch(`${node.url}/blobs`, {
      ...{ method: "POST", body: new Uint8Array(100) },
      headers: { "content-type": TYPE, authorization: `Bearer ${token}` },
    });
    expect(response.status).to.equal(404);
    await node.stop();
  });
});
