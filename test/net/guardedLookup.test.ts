import { connect } from "node:net";
import { expect } from "chai";
import { isSignpostError } from "../../src/errors.js";
import { publicAddresses } from "../../src/net/addressRule.js";
import { fetchThrough, guardedAgent } from "../../src/net/guardedFetch.js";
import { guardedLookup } from "../../src/net/guardedLookup.js";
import { expectRejection } from "../expectError.js";
import { serve } from "../lookup/loopbackServer.js";

/** The same that undici does with the lookup: what a socket is connected to, or why it is not. */
function connectTo(hostname: string, port: number, allowLoopback: boolean): Promise<unknown> {
  return new Promise((resolve) => {
    const socket = connect({
      host: hostname,
      port,
      lookup: guardedLookup(publicAddresses({ allowLoopback })),
      autoSelectFamily: true,
    });
    socket.once("connect", () => {
      resolve(socket.remoteAddress);
      socket.destroy();
    });
    socket.once("error", resolve);
  });
}

describe("guardedLookup", () => {
  // `localhost` is the one DNS name that resolves to a private address on every machine. The URL guard
  // refuses it by name; here it stands for any name that a stranger's DNS server points inside.
  it("fails with FORBIDDEN_ADDRESS for a name that resolves to loopback", async () => {
    const server = await serve(() => undefined);
    const error = await connectTo("localhost", Number(new URL(server.url).port), false);
    await server.close();
    if (!isSignpostError(error, "FORBIDDEN_ADDRESS")) throw new Error("expected FORBIDDEN_ADDRESS");
    expect(error.message).to.match(/localhost: it resolves to no public address/);
  });

  it("makes the fetcher fail with the same error", async () => {
    const server = await serve(() => undefined);
    const url = new URL(`http://localhost:${new URL(server.url).port}/`);
    const request = { url: url.href, method: "GET", maxBytes: 100, timeoutMs: 1_000 } as const;
    const fetched = fetchThrough(guardedAgent({}), url, request);
    await expectRejection(fetched, "FORBIDDEN_ADDRESS", /localhost: it resolves to no public/);
    expect(server.requests).to.deep.equal([]);
    await server.close();
  });

  it("lets the socket connect where loopback is allowed", async () => {
    const server = await serve(() => undefined);
    const address = await connectTo("localhost", Number(new URL(server.url).port), true);
    await server.close();
    expect(address).to.equal("127.0.0.1");
  });

  it("answers with one address where the caller asks for one", async () => {
    const found = await new Promise<unknown[]>((resolve) => {
      guardedLookup(publicAddresses({ allowLoopback: true }))(
        "localhost",
        { family: 4 },
        (...result) => {
          resolve(result);
        },
      );
    });
    expect(found).to.deep.equal([null, "127.0.0.1", 4]);
  });

  it("passes on that a name does not exist", async () => {
    // too long for a label of DNS, so no query leaves this machine
    const error = await connectTo("n".repeat(64), 80, true);
    expect((error as { syscall?: string }).syscall).to.equal("getaddrinfo");
  });
});
