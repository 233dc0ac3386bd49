/** Bytes that are no HTTP, on real sockets. */
import { once } from "node:events";
import type { Server } from "node:http";
import { connect } from "node:net";
import { expect } from "chai";
import { startServer, stopServer, urlOf } from "../../src/http/server.js";
import { sendRaw } from "./openTestService.js";

describe("http/unreadable", () => {
  let server: Server;

  before(async () => {
    server = await startServer((_request, response) => response.end("here"), {
      host: "127.0.0.1",
      port: 0,
      reportFailure: (error) => {
        throw error;
      },
    });
  });
  after(() => stopServer(server));

  const cases = [
    ["of no method", "?? / HTTP/1.1\r\n\r\n", 400, "INVALID_REQUEST"],
    ["without a host", "GET / HTTP/1.1\r\ncontent-length: x\r\n\r\n", 400, "INVALID_REQUEST"],
    ["with a long URL", `GET /${"a".repeat(20_000)} HTTP/1.1\r\n\r\n`, 431, "TOO_LARGE"],
  ] as const;

  for (const [what, bytes, status, code] of cases) {
    it(`answers a request ${what} in JSON, readable from any web page: ${status}`, async () => {
      const [head = "", body = ""] = (await sendRaw(urlOf(server), bytes)).split("\r\n\r\n");
      expect(head).to.match(new RegExp(`^HTTP/1.1 ${status} `));
      expect(head).to.match(/^access-control-allow-origin: \*$/m);
      expect(head).to.include(`content-length: ${body.length}`);
      const refusal = JSON.parse(body) as Record<string, unknown>;
      expect(refusal["code"]).to.equal(code);
      expect(refusal["message"]).to.match(/; send /);
    });
  }

  it("serves the next client after one that went in the middle", async () => {
    const { hostname, port } = new URL(urlOf(server));
    const gone = connect(Number(port), hostname);
    await once(gone, "connect");
    gone.write("GET / HT");
    gone.resetAndDestroy();
    expect(await (await fetch(urlOf(server))).text()).to.equal("here");
  });
});
