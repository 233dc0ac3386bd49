import { expect } from "chai";
import { namehash, Wallet } from "ethers";
import { relayNodeProfile, signUp } from "../../../src/demo/people.js";
import {
  DM3_DELIVERY_SERVICE_KEY,
  DM3_PROFILE_KEY,
} from "../../../src/dm3/profile/profileRecord.js";
import { stringify } from "../../../src/dm3/stringify.js";
import { addDomain, replaceApiKey } from "../../../src/registry/access/addDomain.js";
import { apiKeyFrom } from "../../../src/registry/domains/apiKey.js";
import { bytes } from "../../db/sampleNames.js";
import { decodeResult, textRequest, verifyAnswer } from "../../gateway/ensRequest.js";
import { largestRecords } from "../../registry/changes/largestRecords.js";
import { BITCOIN, WEBSITE } from "../../registry/names/sampleRecords.js";
import { profilesOf } from "../../registry/openRegistry.js";
import {
  type Answer,
  answerOf,
  API_KEY,
  DOMAIN,
  NESTED_API_KEY,
  NESTED_DOMAIN,
  openTestService,
  RESOLVER,
  type TestService,
} from "../openTestService.js";

const UNKNOWN_KEY = apiKeyFrom(bytes(32, 0x77));

describe("http: the service API", () => {
  let http: TestService;
  let count = 0;

  before(async () => {
    http = await openTestService();
  });
  after(() => http.stop());
  afterEach(() => {
    expect(http.failures).to.deep.equal([]);
  });

  const freshName = () => `user-${count++}.${DOMAIN}`;
  const records = { texts: { avatar: "a" } };

  function expectError({ status, body, headers }: Answer, expected: number, code: string): void {
    expect({ status, code: body["code"] }).to.deep.equal({ status: expected, code });
    expect(body).to.have.all.keys("code", "message", "details", "requestId");
    expect(body["requestId"]).to.be.a("string").and.to.equal(headers.get("x-request-id"));
    expect(body["message"]).to.match(/^[A-Z-][^]{20,}\.?$/);
    expect(headers.get("content-type")).to.match(/^application\/json/);
    expect(headers.get("access-control-allow-origin")).to.equal("*");
    for (const key of [API_KEY, NESTED_API_KEY, UNKNOWN_KEY]) {
      expect(JSON.stringify(body)).not.to.include(key);
    }
  }

  it("publishes, shows, serves and deletes a profile: 201, 200, 200, 204, 404", async () => {
    const name = freshName();
    const { address, signedUserProfile } = await signUp([`relay.${DOMAIN}`]);
    const body = { address, signedUserProfile };
    const put = () => http.v1("PUT", `/names/${name}/profile`, body);
    expect(await put()).to.nested.include({
      status: 201,
      "body.name": name,
      "body.outcome": "created",
    });
    expect(await put()).to.nested.include({
      status: 200,
      "body.name": name,
      "body.outcome": "unchanged",
    });

    const record = `data:application/json,${stringify(signedUserProfile)}`;
    const shown = await http.v1("GET", `/names/${name}`);
    expect(shown.status).to.equal(200);
    expect(shown.body).to.deep.include({
      name,
      domain: DOMAIN,
      addresses: { "60": address.toLowerCase() },
      texts: { [DM3_PROFILE_KEY]: record },
      contenthash: null,
    });
    const request = textRequest(name, DM3_PROFILE_KEY, 1n);
    const served = await http.ccip(request);
    const answer = verifyAnswer(String(served.body["data"]), { target: RESOLVER, request });
    expect(decodeResult("text", answer.result)).to.equal(record);

    const deleted = await http.v1("DELETE", `/names/${name}/profile`);
    expect(deleted).to.deep.include({ status: 204, body: {} });
    expectError(await http.v1("DELETE", `/names/${name}/profile`), 404, "NOT_FOUND");
    expectError(await put(), 409, "SUPERSEDED_PROFILE");
  });

  it("answers 200 for a replacement, and 409 for what it replaced", async () => {
    const name = freshName();
    const wallet = Wallet.createRandom();
    const [old, next] = await profilesOf(wallet, 2);
    const put = (signedUserProfile: unknown) =>
      http.v1("PUT", `/names/${name}/profile`, { address: wallet.address, signedUserProfile });
    await put(old);
    expect(await put(next)).to.nested.include({
      status: 200,
      "body.name": name,
      "body.outcome": "replaced",
    });
    expectError(await put(old), 409, "SUPERSEDED_PROFILE");
  });

  it("tells whose a name is (409) and that a signature is not its wallet's (422)", async () => {
    const name = freshName();
    const [alice, mallory] = [await signUp(["a.eth"]), await signUp(["a.eth"])];
    const put = (body: unknown) => http.v1("PUT", `/names/${name}/profile`, body);
    await put(alice);
    expectError(await put(mallory), 409, "NAME_TAKEN");
    expectError(await put({ ...mallory, address: alice.address }), 422, "WRONG_SIGNER");
  });

  it("sets records and relay nodes: 200", async () => {
    const name = freshName();
    const own = { ...records, addresses: { "0": BITCOIN }, contenthash: WEBSITE };
    expect(await http.v1("PUT", `/names/${name}/records`, own)).to.nested.include({
      status: 200,
      "body.name": name,
      "body.outcome": "created",
    });
    const profile = relayNodeProfile("https://relay.example");
    expect(await http.v1("PUT", `/relay-nodes/${name}`, profile)).to.include({ status: 200 });
    const { body } = await http.v1("GET", `/names/${name}`);
    expect(body).to.deep.include({ addresses: { "0": BITCOIN }, contenthash: WEBSITE });
    expect(body["texts"]).to.have.all.keys("avatar", "network.dm3.deliveryService");
  });

  it("takes a relay node away, and only that: 204, 404", async () => {
    const name = freshName();
    const remove = () => http.v1("DELETE", `/relay-nodes/${name}`);
    expectError(await remove(), 404, "NOT_FOUND");
    await http.v1("PUT", `/names/${name}/records`, records);
    expectError(await remove(), 404, "NOT_FOUND");
    await http.v1("PUT", `/relay-nodes/${name}`, relayNodeProfile("https://relay.example"));
    expect(await remove()).to.deep.include({ status: 204, body: {} });
    expectError(await remove(), 404, "NOT_FOUND");
    const { body } = await http.v1("GET", `/names/${name}`);
    expect(body["texts"]).to.deep.equal(records.texts);
    const request = textRequest(name, DM3_DELIVERY_SERVICE_KEY, 1n);
    const served = await http.ccip(request);
    const answer = verifyAnswer(String(served.body["data"]), { target: RESOLVER, request });
    expect(decodeResult("text", answer.result)).to.equal("");
  });

  it("takes all records that a name can hold in one request, and shows them as they came", async () => {
    const name = freshName();
    const largest = largestRecords();
    expect(await http.v1("PUT", `/names/${name}/records`, largest)).to.include({ status: 200 });
    const { body } = await http.v1("GET", `/names/${name}`);
    const { name: nameRecord, ...others } = largest;
    const { version, ...shown } = body;
    expect(version).to.match(/^[1-9][0-9]*$/);
    expect(shown).to.deep.equal({
      name,
      node: namehash(name),
      domain: DOMAIN,
      owner: null,
      held: false,
      suspension: null,
      sequence: 0,
      nameRecord,
      ...others,
    });
  });

  it("takes names in percent-encoding, and any body type", async () => {
    const name = `📬.${DOMAIN}`;
    const answer = await answerOf(
      fetch(`${http.url}/v1/names/${encodeURIComponent(name)}/records`, {
        method: "PUT",
        headers: { authorization: `bearer ${API_KEY}`, "content-type": "text/plain" },
        body: JSON.stringify(records),
      }),
    );
    expect(answer).to.nested.include({ status: 200, "body.name": name, "body.outcome": "created" });
  });

  it("lets nobody do anything without the domain's key: 401, 403", async () => {
    const name = freshName();
    const nested = `alice.${NESTED_DOMAIN}`;
    const person = await signUp(["a.eth"]);
    const routes: [method: string, path: (name: string) => string, body?: unknown][] = [
      ["PUT", (name) => `/names/${name}/profile`, person],
      ["DELETE", (name) => `/names/${name}/profile`],
      ["PUT", (name) => `/names/${name}/records`, records],
      ["GET", (name) => `/names/${name}`],
      ["PUT", (name) => `/relay-nodes/${name}`, relayNodeProfile("https://relay.example")],
      ["DELETE", (name) => `/relay-nodes/${name}`],
    ];
    for (const [method, path, body] of routes) {
      for (const apiKey of [null, UNKNOWN_KEY, API_KEY.slice(0, -1), "", "x".repeat(5000)]) {
        expectError(await http.v1(method, path(name), body, apiKey), 401, "UNAUTHORIZED");
      }
      expectError(await http.v1(method, path(name), body, NESTED_API_KEY), 403, "FORBIDDEN");
      expectError(await http.v1(method, path(nested), body, API_KEY), 403, "FORBIDDEN");
      expectError(await http.v1(method, path("alice.other.eth"), body), 403, "FORBIDDEN");
      expectError(await http.v1(method, path(`Alice.${DOMAIN}`), body), 400, "INVALID_NAME");
    }
    for (const untouched of [name, nested]) {
      const key = untouched === name ? API_KEY : NESTED_API_KEY;
      expectError(await http.v1("GET", `/names/${untouched}`, undefined, key), 404, "NOT_FOUND");
    }
  });

  it("takes the key from its header only", async () => {
    const name = freshName();
    const elsewhere: [path: string, headers: Record<string, string>][] = [
      [`/v1/names/${name}?api_key=${API_KEY}&authorization=Bearer%20${API_KEY}`, {}],
      [`/v1/names/${name}`, { authorization: API_KEY }],
      [`/v1/names/${name}`, { authorization: `Basic ${API_KEY}` }],
      [`/v1/names/${name}`, { "x-api-key": API_KEY, cookie: `authorization=${API_KEY}` }],
    ];
    for (const [path, headers] of elsewhere) {
      expectError(await answerOf(fetch(http.url + path, { headers })), 401, "UNAUTHORIZED");
    }
  });

  it("stops taking a replaced key at once", async () => {
    const { domains } = http.service;
    const [old, next] = [apiKeyFrom(bytes(32, 0x21)), apiKeyFrom(bytes(32, 0x22))];
    await addDomain(domains, { domain: "replaced.eth", chainId: 1n, resolver: bytes(20, 1) }, old);
    const get = (apiKey: string) => http.v1("GET", "/names/alice.replaced.eth", undefined, apiKey);
    expectError(await get(old), 404, "NOT_FOUND");
    await replaceApiKey(domains, "replaced.eth", next);
    expectError(await get(old), 401, "UNAUTHORIZED");
    expectError(await get(next), 404, "NOT_FOUND");
  });

  it("names what is wrong with a body: 400", async () => {
    const name = freshName();
    const person = await signUp(["a.eth"]);
    const profile: [body: unknown, code: string, message: RegExp][] = [
      [{}, "INVALID_REQUEST", /address/],
      [{ ...person, address: 7 }, "INVALID_REQUEST", /address/],
      [{ ...person, address: `${person.address}00` }, "INVALID_REQUEST", /42/],
      [{ ...person, address: person.address.slice(0, -1) }, "INVALID_REQUEST", /40 hexadecimal/],
      [
        { ...person, address: `0xAb${person.address.slice(4).toLowerCase()}` },
        "INVALID_REQUEST",
        /EIP-55/,
      ],
      [{ ...person, name }, "INVALID_REQUEST", /name/],
      [{ address: person.address }, "INVALID_REQUEST", /signedUserProfile/],
      [{ ...person, signedUserProfile: null }, "INVALID_PROFILE", /must be a JSON object/],
      [{ ...person, signedUserProfile: {} }, "INVALID_PROFILE", /is missing|JSON object/],
    ];
    for (const [body, code, message] of profile) {
      const answer = await http.v1("PUT", `/names/${name}/profile`, body);
      expectError(answer, 400, code);
      expect(answer.body["message"]).to.match(message);
    }
    const own: [body: unknown, message: RegExp][] = [
      [{ avatar: "a" }, /avatar/],
      [JSON.parse('{"texts": {"__proto__": "a"}}'), /cannot have the key __proto__/],
      [JSON.parse('{"addresses": {"__proto__": "0x00"}}'), /cannot have the key __proto__/],
      [{ texts: { avatar: "a\0" } }, /valid Unicode without U\+0000/],
      [{ texts: { avatar: "\ud800" } }, /valid Unicode/],
      [{ texts: { avatar: "x".repeat(4097) } }, /4096/],
      [{ addresses: { "60": "0x" } }, /coin type 60 is set by/],
      [{ addresses: { "2147483658": "0x00" } }, /has to have 20 bytes/],
      [{ addresses: { btc: "0x00" } }, /addresses\.btc must be a decimal coin type/],
      [{ contenthash: "0x1220" }, /0x1220, which is no protocol code that clients know/],
      [{ pubkey: { x: "0x", y: "0x" } }, /pubkey\.x must be 0x and 64 hexadecimal digits/],
      [{ abis: { "3": "0x00" } }, /abis\.3 must be a content type of ENSIP-4/],
      [{ data: { key: `0x${"00".repeat(4097)}` } }, /data\.key must not be longer than 4096 bytes/],
      [{ interfaces: { "0x0": "0x" } }, /interfaces\.0x0 must be an ERC-165 interface id/],
      [{ texts: { [DM3_PROFILE_KEY]: "x" } }, /publish the profile, or register/],
    ];
    for (const [body, message] of own) {
      const answer = await http.v1("PUT", `/names/${name}/records`, body);
      expectError(answer, 400, "INVALID_REQUEST");
      expect(answer.body["message"]).to.match(message);
    }
    expectError(await http.v1("PUT", `/relay-nodes/${name}`, {}), 400, "INVALID_PROFILE");
    expectError(await http.v1("PUT", `/relay-nodes/${name}`), 400, "INVALID_PROFILE");
    expectError(await http.v1("GET", `/names/${name}`), 404, "NOT_FOUND");
  });

  it("reads JSON of one megabyte and no more: 400, 413", async () => {
    const send = (body: string) =>
      answerOf(
        fetch(`${http.url}/v1/names/${freshName()}/records`, {
          method: "PUT",
          headers: { authorization: `Bearer ${API_KEY}`, "content-type": "application/json" },
          body,
        }),
      );
    for (const body of ["{", "null", "7", '"x"', "\0", "{'a':1}", "[".repeat(100_000)]) {
      expectError(await send(body), 400, "INVALID_REQUEST");
    }
    const padded = (length: number) => JSON.stringify(records).padEnd(length, " ");
    expect(await send(padded(1_048_576))).to.include({ status: 200 });
    expectError(await send(padded(1_048_577)), 413, "TOO_LARGE");
  });

  it("answers other paths and methods with 404", async () => {
    const elsewhere: [method: string, path: string][] = [
      ["GET", ""],
      ["POST", "/names"],
      ["POST", "/names/x"],
      ["PATCH", "/names/x/profile"],
      ["GET", "/batches"],
      ["GET", "/relay-nodes/x"],
    ];
    for (const [method, path] of elsewhere) {
      expectError(await http.v1(method, path), 404, "NOT_FOUND");
    }
  });
});
