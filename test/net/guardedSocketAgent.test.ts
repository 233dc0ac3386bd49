import { get } from "node:http";
import { expect } from "chai";
import { guardedSocketAgent } from "../../src/net/guardedSocketAgent.js";
import { expectError } from "../expectError.js";
import { answer, type LoopbackServer, serve } from "../lookup/loopbackServer.js";

describe("net/guardedSocketAgent", () => {
  let server: LoopbackServer;

  before(async () => {
    server = await serve(answer("hello"));
  });
  after(() => server.close());

  const statusAt = (host: string, options: { allowLoopback: boolean }) =>
    new Promise<number | string | undefined>((resolve) => {
      const { port } = new URL(server.url);
      // the agent is asked after DNS: the URL that it was made for is a public one
      const agent = guardedSocketAgent(`http://127.0.0.1:${port}`, { allowLoopback: true });
      const own = options.allowLoopback
        ? agent
        : guardedSocketAgent("https://relay.example", options);
      get({ host, port, agent: own, protocol: own === agent ? "http:" : "https:" }, (response) => {
        response.resume();
        resolve(response.statusCode);
      }).on("error", (error) => {
        resolve((error as { code?: string }).code);
      });
    });

  it("connects to this machine only where it may, whatever name leads there", async () => {
    expect(await statusAt("localhost", { allowLoopback: true })).to.equal(200);
    expect(await statusAt("localhost", { allowLoopback: false })).to.equal("FORBIDDEN_ADDRESS");
    expect(server.requests).to.have.length(1);
  });

  it("is made for no literal private address", () => {
    for (const url of ["http://127.0.0.1/", "https://10.0.0.1/", "https://[::1]/", "ftp://a.b"]) {
      expectError(() => guardedSocketAgent(url, {}), "FORBIDDEN_ADDRESS", /We do not fetch from/);
    }
  });
});
