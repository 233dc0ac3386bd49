/** The lease of a mirror, with work that takes longer than it. */
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { expect } from "chai";
import { mirrorStore } from "../../src/db/mirror/mirrorStore.js";
import { followMirror, type MirrorParts } from "../../src/mirror/followMirror.js";
import { keepLease, LEASE_MS } from "../../src/mirror/keepLease.js";
import { apiKeyFrom } from "../../src/registry/domains/apiKey.js";
import { bytes } from "../db/sampleNames.js";
import { until } from "../embedded-postgres/holder.js";
import { DOMAIN, openRegistry, type TestRegistry } from "../registry/openRegistry.js";
import {
  anotherLease,
  type MirrorHere,
  openMirrorHere,
  openServiceApi,
  type ServiceApi,
} from "./installations.js";

const API_KEY = apiKeyFrom(bytes(32, 0));
const PATIENCE_MS = 10_000;

describe("mirror: keepLease", () => {
  let there: TestRegistry;
  let api: ServiceApi;
  let here: MirrorHere;

  beforeEach(async () => {
    there = await openRegistry();
    api = await openServiceApi(there.pool);
    here = await openMirrorHere();
    await here.add({ url: api.url, apiKey: API_KEY });
  });
  afterEach(async () => {
    await here.close();
    await api.close();
    await there.close();
  });

  const partsHere = () => here.parts({ url: api.url, apiKey: API_KEY });
  const takes = async (parts: MirrorParts) =>
    (await mirrorStore(here.pool).take(anotherLease(parts.lease), LEASE_MS, false)) !== null;
  /** As after a pause that was too long. */
  const runOut = () =>
    here.pool.query("update mirror set lease_until = now() - interval '1 second'");

  /** Rests that end when the test says so. */
  function heldRests() {
    const waiting: (() => void)[] = [];
    const rest = (_ms: number, ended?: AbortSignal) =>
      new Promise<void>((resolve) => {
        waiting.push(resolve);
        ended?.addEventListener("abort", () => {
          resolve();
        });
      });
    const isWaiting = (count: number) => until(() => waiting.length >= count, PATIENCE_MS);
    return { rest, isWaiting, next: () => waiting.at(-1)?.() };
  }

  it("is renewed while one piece of work goes on", async () => {
    const { rest, isWaiting, next } = heldRests();
    const parts = { ...partsHere(), rest };
    await parts.store.take(parts.lease, LEASE_MS, false);
    await keepLease(parts, async () => {
      await isWaiting(1);
      await runOut();
      next();
      await isWaiting(2);
      expect(await takes(parts)).to.equal(false);
    });
    expect(parts.isOver()).to.equal(false);
  });

  it("ends the work where another process has it", async () => {
    const { rest, isWaiting, next } = heldRests();
    const parts = { ...partsHere(), rest };
    await parts.store.take(parts.lease, LEASE_MS, false);
    await keepLease(parts, async () => {
      await isWaiting(1);
      await runOut();
      expect(await takes(parts)).to.equal(true);
      next();
      await until(parts.isOver, PATIENCE_MS);
    });
  });

  it("goes to another process when it ran out, and not before", async () => {
    const parts = partsHere();
    await parts.store.take(parts.lease, LEASE_MS, false);
    expect(await takes(parts)).to.equal(false);
    await runOut();
    expect(await takes(parts)).to.equal(true);
  });

  it("is let go of when the mirror ends in the midst of a question, which is no failure", async () => {
    let asked = 0;
    const silent = createServer(() => {
      asked++;
    });
    const url = await listening(silent);
    const parts = here.parts({ url, apiKey: API_KEY });
    const following = followMirror(parts);
    await until(() => asked > 0, PATIENCE_MS);
    parts.giveUp();
    await following;
    expect((await mirrorStore(here.pool).mirrorOf(DOMAIN))?.failures).to.equal(0);
    expect(await takes(parts)).to.equal(true);
    silent.closeAllConnections();
    silent.close();
  });
});

async function listening(server: Server): Promise<string> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}
