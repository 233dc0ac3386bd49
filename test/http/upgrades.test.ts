import { connect } from "node:net";
import { expect } from "chai";
import { startServer, stopServer, urlOf } from "../../src/http/server.js";
import type { TakeUpgrade } from "../../src/http/upgrades.js";

describe("http: connections that change their protocol", () => {
  const options = { host: "127.0.0.1", port: 0, reportFailure: () => undefined };
  const taken: string[] = [];
  const upgrade: TakeUpgrade = ({ url = "" }, socket) => {
    if (!url.startsWith("/live")) return false;
    taken.push(url);
    socket.write("HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n");
    return true;
  };

  function send(url: string, text: string): Promise<string> {
    const { hostname, port } = new URL(url);
    return new Promise((resolve) => {
      const socket = connect(Number(port), hostname, () => socket.write(text));
      let answer = "";
      socket.setEncoding("utf8");
      socket.on("data", (chunk: string) => (answer += chunk));
      socket.on("error", () => undefined);
      socket.on("close", () => {
        resolve(answer);
      });
    });
  }
  const request = (method: string, path: string, rest = "") =>
    `${method} ${path} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n${rest}`;

  it("answer as usual whoever offers a protocol that nobody speaks, as Java's client does", async () => {
    const server = await startServer((_request, response) => response.end("usual"), {
      ...options,
      upgrade,
    });
    const answer = await send(urlOf(server), request("GET", "/", "\r\n"));
    expect(answer).to.match(/^HTTP\/1.1 200 OK[^]*usual/);
    const body = "content-length: 2\r\n\r\n{}";
    expect(await send(urlOf(server), request("POST", "/", body))).to.match(
      /^HTTP\/1.1 400 [^]*without asking for another protocol/,
    );
    await stopServer(server);
  });

  it("end with the server, which does not wait for them", async () => {
    const server = await startServer((_request, response) => response.end(), {
      ...options,
      upgrade,
    });
    const ended = send(urlOf(server), request("GET", "/live", "\r\n"));
    while (taken.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    const startedMs = performance.now();
    await stopServer(server);
    expect(performance.now() - startedMs).to.be.below(3_000);
    expect(await ended).to.match(/^HTTP\/1.1 101 /);
  });
});
