/** What is no proper request of dm3's API, and what the service itself cannot do: bodies, addresses, limits, outages. */
import type { AddressInfo } from "node:net";
import { expect } from "chai";
import express from "express";
import { domainStore } from "../../../src/db/domainStore.js";
import { nameStore } from "../../../src/db/nameStore.js";
import { openPool } from "../../../src/db/pool.js";
import type { SignpostError } from "../../../src/errors.js";
import { dm3Routes } from "../../../src/http/dm3/dm3Routes.js";
import people from "../../vectors/profiles.json" with { type: "json" };
import { fairParts } from "../fairParts.js";
import { ADDRESSES, type Dm3Service, NAMES, openDm3Service } from "./openDm3Service.js";

const { address, signedUserProfile } = people.people.alice;
const ADDRESS_BODY = { address, signedUserProfile, subdomain: ADDRESSES };
const NAME_BODY = {
  dm3Name: `alice.${NAMES}`,
  addressName: `${address}.${ADDRESSES}`,
  signature: "A".repeat(86) + "==",
};
const DELETION_BODY = { dm3Name: NAME_BODY.dm3Name, signature: NAME_BODY.signature };
const BODIES: readonly [path: string, body: Record<string, unknown>][] = [
  ["/profile/address", ADDRESS_BODY],
  ["/profile/name", NAME_BODY],
  ["/profile/deleteName", DELETION_BODY],
];
const INVALID = '{"error":"invalid schema"}';

describe("http: requests of dm3's API", () => {
  let http: Dm3Service;

  before(async () => {
    http = await openDm3Service();
  });
  after(() => http.stop());
  afterEach(() => {
    expect(http.failures).to.deep.equal([]);
  });

  it("need each of their fields, in its type and length: 400", async () => {
    for (const [path, body] of BODIES) {
      for (const field of Object.keys(body)) {
        const { [field]: given, ...rest } = body;
        const wrong = [undefined, null, 1, [], {}, ["a"], "", "x".repeat(256), [given]];
        for (const value of wrong) {
          const answer = await http.post(path, {
            ...rest,
            ...(value !== undefined && { [field]: value }),
          });
          expect([path, field, value, answer.status]).to.deep.equal([path, field, value, 400]);
        }
        expect((await http.post(path, rest)).body).to.equal(INVALID);
      }
    }
  });

  it("may have further fields, but have to be JSON objects: 400", async () => {
    const more = JSON.stringify({ ...ADDRESS_BODY, more: 1 }).replace("{", '{"__proto__":{"x":1},');
    expect((await http.post("/profile/address", more)).body).to.equal("OK");
    for (const [path] of BODIES) {
      for (const body of ["", "{}", "[]"]) {
        expect((await http.post(path, body)).body).to.equal(INVALID);
      }
      for (const body of ["{", "null", '"a"', "a=b"]) {
        expect(await http.post(path, body)).to.include({ status: 400, body: INVALID });
      }
    }
  });

  it("have bodies of 32 kB at most, and none that is compressed: 413, 400", async () => {
    for (const [path, body] of BODIES) {
      const tooLong = await http.post(path, { ...body, more: "x".repeat(33_000) });
      expect(tooLong.status).to.equal(413);
      expect(JSON.parse(tooLong.body))
        .to.have.all.keys("error")
        .and.property("error")
        .match(/too large/);
      const { status } = await fetch(http.url + path, {
        method: "POST",
        headers: { "content-encoding": "gzip" },
        body: new Uint8Array([31, 139]),
      });
      expect(status).to.equal(400);
    }
  });

  it("take an address in lower case or with its checksum: 400 otherwise, and 404 for one without a profile", async () => {
    const digits = address.slice(2);
    const wrong = [
      digits,
      `0x${digits.toUpperCase()}`,
      `${address}0`,
      address.slice(0, -1),
      `0x${"g".repeat(40)}`,
      address.replace("E", "e"),
    ];
    for (const text of wrong) {
      for (const path of ["/profile/", "/profile/name/"]) {
        const answer = await http.get(path + text);
        expect(answer).to.deep.equal({ status: 400, contentType: null, body: "" });
      }
      expect(
        (await http.post("/profile/address", { ...ADDRESS_BODY, address: text })).body,
      ).to.equal(INVALID);
    }
    for (const text of [address, address.toLowerCase()]) {
      expect((await http.get(`/profile/${text}`)).status).to.equal(200);
    }
    const nobody = `0x${"12".repeat(20)}`;
    expect((await http.get(`/profile/${nobody}`)).status).to.equal(404);
    expect((await http.get(`/profile/name/${nobody}`)).status).to.equal(404);
  });

  it("refuse names by sign-in, which is not for this", async () => {
    const body = { siweMessage: "{}", siweSig: "0x", hotAddr: address, signedUserProfile };
    const answer = await http.post("/profile/nameP", body);
    expect(answer.status).to.equal(400);
    expect(answer.body).to.match(/^\{"error":"nameP is not served here/);
    for (const siweMessage of [undefined, null, 1, {}, "", "{"]) {
      expect((await http.post("/profile/nameP", { ...body, siweMessage })).body).to.equal(
        '{"error":"Could not parse SIWE JSON string"}',
      );
    }
  });

  it("are limited together, by minute: 429 with Retry-After", async () => {
    const routes = await openRoutes({ nowMs: () => 0 });
    try {
      const ask = () => fetch(`${routes.url}/name/nobody`);
      for (let sent = 0; sent < 6_000; sent += 100) {
        const some = await Promise.all(Array.from({ length: 100 }, ask));
        expect(some.every(({ status }) => status === 400)).to.equal(true);
        await Promise.all(some.map((response) => response.text()));
      }
      // what others read keeps nobody from writing
      expect((await fetch(`${routes.url}/address`, { method: "POST" })).status).to.equal(400);
      const refused = await ask();
      expect(refused.status).to.equal(429);
      expect(refused.headers.get("retry-after")).to.equal("1");
      expect(await refused.json()).to.have.all.keys("error");
      expect(routes.failures).to.deep.equal([]);
    } finally {
      await routes.close();
    }
  });

  it("are 503 while the database does not answer, and the operator is told of each", async () => {
    const routes = await openRoutes({ nowMs: Date.now });
    try {
      const answers = [
        ...BODIES.map(([path, body]) =>
          fetch(routes.url + path.replace("/profile", ""), {
            method: "POST",
            body: JSON.stringify(body),
          }),
        ),
        fetch(`${routes.url}/${address}`),
        fetch(`${routes.url}/name/${address}`),
      ];
      for (const response of await Promise.all(answers)) {
        expect(response.status).to.equal(503);
        expect(await response.json())
          .to.have.all.keys("error")
          .and.property("error")
          .match(/database/);
      }
      expect(routes.failures.map(({ code }) => code)).to.deep.equal(
        Array(5).fill("DATABASE_UNAVAILABLE"),
      );
    } finally {
      await routes.close();
    }
  });
});

/** The routes alone, on a database that is not there. */
async function openRoutes({ nowMs }: { nowMs: () => number }) {
  const pool = openPool({ url: "postgres://127.0.0.1:1/x" });
  const registry = { names: nameStore(pool), domains: domainStore(pool) };
  const failures: SignpostError[] = [];
  const reportFailure = (error: SignpostError) => failures.push(error);
  const domains = { addresses: ADDRESSES, names: NAMES };
  const parts = { registry, domains, reportFailure, nowMs, ...fairParts(nowMs) };
  const app = express().use(dm3Routes(parts));
  const server = app.listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    failures,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await pool.end();
    },
  };
}
