import { once } from "node:events";
import type { Server } from "node:http";
import { connect } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { promisify } from "node:util";
import { expect } from "chai";
import type { SignpostError } from "../../src/errors.js";
import { startServer, stopServer, urlOf } from "../../src/http/server.js";
import { expectRejection } from "../expectError.js";

describe("http/server", () => {
  const failures: SignpostError[] = [];
  const options = {
    host: "127.0.0.1",
    port: 0,
    reportFailure: (error: SignpostError) => failures.push(error),
  };
  let server: Server;

  beforeEach(async () => {
    server = await startServer((_request, response) => response.end("here"), options);
  });
  afterEach(async () => {
    server.closeAllConnections();
    await stopServer(server);
    expect(failures).to.deep.equal([]);
  });

  it("cuts off requests that are not sent within seconds, and bounds the connections", () => {
    expect(server.headersTimeout).to.be.within(1, 10_000);
    expect(server.requestTimeout).to.be.within(server.headersTimeout, 15_000);
    expect(server.maxConnections).to.be.within(100, 2_000);
    expect(server.timeout).to.be.within(15_000, 30_000);
  });

  it("cuts off a client that asks and asks, and does not read the answers", async () => {
    const answer = Buffer.alloc(512 * 1024);
    const impatient = await startServer((_request, response) => response.end(answer), {
      ...options,
      standstillMs: 500,
    });
    const { hostname, port } = new URL(urlOf(impatient));
    const deaf = connect(Number(port), hostname);
    deaf.on("error", () => undefined);
    await once(deaf, "connect");
    deaf.pause();
    deaf.write("GET / HTTP/1.1\r\nHost: x\r\n\r\n".repeat(100));
    // the client does not notice before it reads, so the server is asked
    const connections = promisify(impatient.getConnections.bind(impatient));
    const gone = async () => {
      while ((await connections()) > 0) await delay(50);
      return "cut off";
    };
    expect(await Promise.race([gone(), delay(5_000, "still there")])).to.equal("cut off");
    deaf.destroy();
    await stopServer(impatient);
  });

  it("cuts off nobody for whom it still works, but one who stops sending", async () => {
    const slow = await startServer(
      (_request, response) => setTimeout(() => response.end("done"), 1_500),
      { ...options, standstillMs: 300 },
    );
    const url = urlOf(slow);
    const post = fetch(url, { method: "POST", body: "{}" });
    expect(await (await post).text()).to.equal("done");
    const stopping = connect(Number(new URL(url).port), "127.0.0.1");
    stopping.on("error", () => undefined);
    stopping.write("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nhalf");
    const startedMs = performance.now();
    await once(stopping, "close");
    expect(performance.now() - startedMs).to.be.below(1_400);
    await stopServer(slow);
  });

  it("listens where it says, and refuses an address that is taken", async () => {
    const url = urlOf(server);
    expect(await (await fetch(url)).text()).to.equal("here");
    const port = Number(new URL(url).port);
    await expectRejection(
      startServer(() => undefined, { ...options, port }),
      "INVALID_CONFIGURATION",
      /^Cannot listen on 127\.0\.0\.1:\d+ .*choose a free port/,
    );
  });

  it("stops soon although a client opened a connection in advance and asks nothing", async () => {
    const { hostname, port } = new URL(urlOf(server));
    const silent = connect(Number(port), hostname);
    await Promise.all([once(silent, "connect"), once(server, "connection")]);
    const outcome = await Promise.race([stopServer(server).then(() => "stopped"), delay(3_000)]);
    expect(outcome).to.equal("stopped");
    silent.destroy();
  });

  it("stops at once although a client keeps its connection open after an answer", async () => {
    const { hostname, port } = new URL(urlOf(server));
    const keptAlive = connect(Number(port), hostname);
    await once(keptAlive, "connect");
    keptAlive.write("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    await once(keptAlive, "data");
    const outcome = await Promise.race([stopServer(server).then(() => "stopped"), delay(2_000)]);
    expect(outcome).to.equal("stopped");
    keptAlive.destroy();
  });
});
