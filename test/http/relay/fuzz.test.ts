/** Whatever strangers send to the relay node: never a 500, never a crash, and nobody else notices. */
import { connect, type Socket as NetSocket } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { expect } from "chai";
import fc from "fast-check";
import { changed } from "../../dm3/message/sampleEnvelopes.js";
import envelopes from "../../vectors/envelopes.json" with { type: "json" };
import { openRelayService, type RelayService } from "./openRelayService.js";

const { encryptedEnvelop } = envelopes.simple;

/** Paths that express and we read, with anything in the place of a name. */
const PATHS = [
  "profile/",
  "auth/",
  "delivery/messages/incoming/",
  "filters/",
  "notifications/",
  "",
];

describe("http: the relay node and whatever is sent to it", function () {
  this.timeout(180_000);
  let node: RelayService;
  let token: string;
  before(async () => {
    node = await openRelayService();
    token = await node.signIn("bob");
  });
  after(async () => {
    const other = envelopes.withAttachments.encryptedEnvelop;
    expect((await node.rpc("dm3_submitMessage", other)).status).to.equal(200);
    expect(node.failures).to.deep.equal([]);
    await node.stop();
  });

  const MAY_ANSWER = [200, 400, 401, 404, 405, 413];
  const answers = async (ask: Promise<{ status: number; body: string }>, what: unknown) => {
    const { status, body } = await ask;
    expect(MAY_ANSWER, `${JSON.stringify(what)}: ${body}`).to.include(status);
  };

  it("as JSON-RPC: any JSON, and any bytes", async () => {
    const anyCall = fc.record(
      {
        jsonrpc: fc.constantFrom("2.0", "1.0"),
        id: fc.jsonValue(),
        method: fc.oneof(
          fc.constantFrom("dm3_submitMessage", "dm3_getProfileExtension", "toString", "__proto__"),
          fc.jsonValue(),
        ),
        params: fc.oneof(fc.jsonValue(), fc.array(fc.oneof(fc.json(), fc.jsonValue()))),
      },
      { requiredKeys: [] },
    );
    const body = fc.oneof(anyCall, fc.jsonValue(), fc.string(), fc.string({ unit: "binary" }));
    await fc.assert(
      fc.asyncProperty(body, async (sent) => {
        await answers(node.ask("POST", "/rpc", sent), JSON.stringify(sent));
      }),
      { numRuns: 300 },
    );
  });

  it("as JSON that nests without end, or whose members are named as methods", async () => {
    const nested = `${"[".repeat(15_000)}${"]".repeat(15_000)}`;
    const bent = ['{"toString":1}', '{"toString":1,"valueOf":{}}', '{"toJSON":1}', "null", nested];
    for (const value of bent) {
      for (const method of ["dm3_submitMessage", "dm3_getProfileExtension"]) {
        for (const params of [`[${value}]`, value, `[{"message":${value}}]`]) {
          await answers(
            node.ask("POST", "/rpc", `{"method":"${method}","params":${params}}`),
            params,
          );
        }
      }
      await answers(node.ask("POST", "/profile/bob.eth", `{"profile":${value}}`), value);
      await answers(node.ask("POST", "/auth/bob.eth", `{"challenge":${value}}`), value);
      await answers(node.ask("PUT", "/filters/bob.eth", `{"minBalance":${value}}`, token), value);
    }
  });

  it("as an envelope of which something was changed", async () => {
    const paths = [["message"], ["metadata"], ["postmark"], ["__proto__"]].concat(
      Object.keys(encryptedEnvelop.metadata).map((key) => ["metadata", key]),
    );
    const value = fc.oneof(
      fc.jsonValue(),
      fc.string({ unit: "binary" }),
      fc.constant("\u0000\ud800"),
    );
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...paths), value, fc.boolean(), async (path, to, asText) => {
        const bent = changed<unknown>(encryptedEnvelop, path, to);
        await answers(node.rpc("dm3_submitMessage", asText ? JSON.stringify(bent) : bent), path);
      }),
      { numRuns: 200 },
    );
  });

  it("as names in paths, with a token and without", async () => {
    const name = fc.oneof(
      fc.string({ unit: "binary", maxLength: 40 }),
      fc.constantFrom("bob.eth\u0000", "..", "%", "%00", "%ff", "a".repeat(3_000), "bob.eth/x"),
    );
    const encoded = fc
      .tuple(name, fc.boolean())
      .map(([text, raw]) => (raw ? safe(text) : escaped(text)));
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...PATHS),
        encoded,
        fc.boolean(),
        async (path, text, signedIn) => {
          const bearer = signedIn ? token : null;
          await answers(node.ask("GET", `/${path}${text}`, undefined, bearer), path + text);
        },
      ),
      { numRuns: 300 },
    );
  });

  it("as bodies of the other routes", async () => {
    const routes = [
      ["POST", "/profile/bob.eth"],
      ["POST", "/auth/bob.eth"],
      ["POST", "/delivery/messages/bob.eth/syncAcknowledgements"],
      ["PUT", "/filters/bob.eth"],
      ["POST", "/notifications/global/bob.eth"],
    ] as const;
    const text = fc.string({ unit: "binary" });
    const body = fc.oneof(
      fc.jsonValue(),
      fc.record({
        acknowledgements: fc.array(fc.record({ contactAddress: text, messageHash: text })),
      }),
      fc.record({ signature: text, challenge: text }),
      fc.record({ blockedSenders: fc.array(text), minBalance: text }, { requiredKeys: [] }),
    );
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...routes), body, async ([method, path], sent) => {
        await answers(node.ask(method, path, JSON.stringify(sent), token), [path, sent]);
      }),
      { numRuns: 300 },
    );
    await node.ask("PUT", "/filters/bob.eth", {}, token);
  });

  it("as frames of a live connection, and as half of one", async () => {
    const { hostname, port } = new URL(node.service.url);
    const open: NetSocket[] = [];
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.oneof(fc.uint8Array({ maxLength: 200 }), frames()), { maxLength: 5 }),
        fc.boolean(),
        async (pieces, polls) => {
          const socket = connect(Number(port), hostname);
          socket.on("error", () => undefined);
          socket.resume();
          open.push(socket);
          const upgrade = `GET /socket.io/?EIO=4&transport=${polls ? "polling" : "websocket"} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${Buffer.alloc(16).toString("base64")}\r\n\r\n`;
          socket.write(upgrade);
          await delay(5);
          for (const piece of pieces) socket.write(piece);
          await delay(2);
          socket.destroy();
        },
      ),
      { numRuns: 100 },
    );
    for (const socket of open) socket.destroy();
  });
});

/** Text frames, masked with zeros, of packets as engine.io and socket.io write them. */
function frames(): fc.Arbitrary<Uint8Array> {
  const packet = fc.oneof(
    fc.constantFrom(
      "40",
      "41",
      '40{"token":"x"}',
      "42[]",
      '42["message"]',
      "2probe",
      "5",
      "6",
      "450-",
    ),
    fc.json().map((json) => `42${json}`),
    fc.json().map((json) => `42["submitMessage",${json}]`),
    fc.json().map((json) => `420["submitMessage",{"envelop":${json}}]`),
  );
  return packet.map((text) => {
    const payload = new TextEncoder().encode(text).subarray(0, 125);
    return Uint8Array.of(0x81, 0x80 | payload.length, 0, 0, 0, 0, ...payload);
  });
}

/** What fetch leaves as it is. */
const safe = (text: string) => encodeURI(withoutSurrogates(text)).replace(/[?#]/g, "");
const escaped = (text: string) => encodeURIComponent(withoutSurrogates(text));
const withoutSurrogates = (text: string) => text.replace(/\p{Cs}/gu, "");
