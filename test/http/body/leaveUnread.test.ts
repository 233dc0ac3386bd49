/** Long bodies that are refused, over real HTTP. */
import { once } from "node:events";
import { connect } from "node:net";
import { expect } from "chai";
import { API_KEY, openTestService, type TestService } from "../openTestService.js";

const LENGTH = 15 * 1024 * 1024;
const CHUNK = 64 * 1024;

describe("http/body/leaveUnread", () => {
  let http: TestService;
  before(async () => {
    http = await openTestService();
  });
  after(() => http.stop());

  /** Sends the head and as much of the body as is taken; returns the answer, how much was taken, and when it was cut off. */
  async function send(authorization: string, body: Buffer) {
    const { hostname, port } = new URL(http.url);
    const socket = connect(Number(port), hostname);
    socket.on("error", () => undefined);
    await once(socket, "connect");
    socket.write(
      `POST /v1/batches HTTP/1.1\r\nHost: x\r\nAuthorization: ${authorization}\r\nContent-Length: ${body.length}\r\n\r\n`,
    );
    let answer = "";
    socket.on("data", (chunk: Buffer) => (answer += chunk.toString()));
    const startedMs = performance.now();
    let taken = 0;
    for (let at = 0; at < body.length; at += CHUNK) {
      const chunk = body.subarray(at, at + CHUNK);
      socket.write(chunk, (error) => {
        if (!error) taken += chunk.length;
      });
    }
    // not once(), which throws when the connection is reset
    await new Promise((resolve) => socket.on("close", resolve));
    return { answer, taken, closedMs: performance.now() - startedMs };
  }

  for (const [what, authorization, status] of [
    ["before it is read", "Bearer none", 401],
    ["while it is read", `Bearer ${API_KEY}`, 400],
  ] as const) {
    it(`answers a long body that is refused ${what}, leaves the rest of it, and lets go of the connection`, async () => {
      const { answer, taken, closedMs } = await send(authorization, Buffer.alloc(LENGTH, "["));
      expect(answer).to.match(new RegExp(`^HTTP/1\\.1 ${status} `));
      expect(taken).to.be.below(LENGTH - CHUNK);
      expect(closedMs).to.be.within(900, 5_000);
    });
  }
});
