/** The bodies of dm3's API are shared like all others of strangers. */
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { expect } from "chai";
import express from "express";
import { type Dm3Parts, dm3Routes } from "../../../src/http/dm3/dm3Routes.js";
import { fairParts } from "../fairParts.js";

const MEBIBYTE = 1024 * 1024;

describe("http: bodies of dm3's API", () => {
  it("are read when it is their turn: long ones wait while strangers have all that they may have", async () => {
    const parts = fairParts();
    const unused = { registry: {}, domains: {}, reportFailure: () => undefined };
    const routes = dm3Routes({ ...parts, ...unused, nowMs: Date.now } as unknown as Dm3Parts);
    const server = express().use(routes).listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    const post = async (length: number) => {
      const body = JSON.stringify({ address: "x".repeat(length) });
      return (await fetch(`http://127.0.0.1:${port}/address`, { method: "POST", body })).status;
    };
    let giveBack: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (giveBack = resolve));
    void parts.shares.withBody({ group: "", member: "" }, 20 * MEBIBYTE, () => held);

    const long = post(30_000);
    expect(await post(1_000)).to.equal(400);
    expect(await Promise.race([long, delay(200, "waits")])).to.equal("waits");
    giveBack();
    expect(await long).to.equal(400);
    server.close();
  });
});
