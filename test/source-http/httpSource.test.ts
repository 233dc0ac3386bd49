/** An endpoint over real HTTP: what it may do wrong, and what becomes of it. */
import { createServer } from "node:https";
import { type AddressInfo, createServer as createTcpServer, type Socket } from "node:net";
import { gzipSync } from "node:zlib";
import { expect } from "chai";
import type { SignpostError } from "../../src/errors.js";
import { checkEndpoint } from "../../src/source-http/endpointCheck.js";
import { ENDPOINT_BOUNDS, type HttpSource } from "../../src/source-http/httpSource.js";
import { expectRejection } from "../expectError.js";
import {
  answer,
  answerJson,
  deadUrl,
  endless,
  type Handler,
  type LoopbackServer,
  never,
  redirectTo,
  serve,
} from "../lookup/loopbackServer.js";
import { openTestSource, TEST_SOURCE } from "./openTestSource.js";
import { selfSigned } from "./selfSigned.js";

const WALLET = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8";

const labelOf = (url = "") => decodeURIComponent(url.split("/").at(-1)!);

/** Says yes of everybody but those whose label begins with "no". */
const service: Handler = (request, response) => {
  const label = labelOf(request.url);
  const isNobody = label.startsWith("no");
  answerJson(
    isNobody ? { label, error: "NO_SUCH_USER" } : { label, wallet: WALLET },
    isNobody ? 404 : 200,
  )(request, response);
};

/** Asks as much as may be under way, of an endpoint that does not answer. */
async function holdAll(source: HttpSource): Promise<void> {
  const all = Array.from({ length: ENDPOINT_BOUNDS.mostUnderWay }, (_, index) =>
    source.rowOf(`user${index}`),
  );
  const ended = await Promise.allSettled(all);
  expect(new Set(ended.map(({ status }) => status))).to.deep.equal(new Set(["rejected"]));
}

describe("source-http/httpSource", () => {
  let server: LoopbackServer;
  let source: HttpSource;

  beforeEach(async () => {
    server = await serve(service);
    source = openTestSource(`${server.url}/signpost/`);
  });
  afterEach(async () => {
    await source.close();
    await server.close();
  });

  const expectUnavailable = async (asked: Promise<unknown>, reason: string | RegExp) => {
    const error = await expectRejection(asked, "SOURCE_UNAVAILABLE", /^The endpoint http/);
    const { details } = error as SignpostError<"SOURCE_UNAVAILABLE">;
    expect(details).to.include({ source: TEST_SOURCE.id, domain: TEST_SOURCE.domain });
    if (typeof reason === "string") expect(details.reason).to.equal(reason);
    else expect(details.reason).to.match(reason);
    return error;
  };

  it("brings the row of a user, and null for nobody", async () => {
    expect(await source.rowOf("alice")).to.include({ wallet: WALLET, profile: null });
    expect(await source.rowOf("nobody")).to.equal(null);
    expect(await source.rowOf("👍")).to.include({ wallet: WALLET });
    expect(server.requests).to.have.members([
      "GET /signpost/alice",
      "GET /signpost/nobody",
      "GET /signpost/%F0%9F%91%8D",
    ]);
  });

  const faults: Readonly<Record<string, readonly [Handler, string]>> = {
    "500": [answerJson({}, 500), "HTTP 500"],
    "503 with a no": [answerJson({ label: "alice", error: "NO_SUCH_USER" }, 503), "HTTP 503"],
    "429": [answerJson({}, 429), "HTTP 429"],
    "401": [answerJson({}, 401), "signature refused (HTTP 401)"],
    "another 404": [
      answer("<h1>Not found</h1>", { status: 404, type: "text/html" }),
      "HTTP 404 without NO_SUCH_USER",
    ],
    "a page": [answer("<p>", { type: "text/html" }), "answer not of type application/json"],
    "a redirect": [redirectTo("/signpost/bob"), "redirect"],
    "an endless body": [endless, "answer too large"],
    "64 KiB and one byte": [answer(new Uint8Array(65_537).fill(0x20)), "answer too large"],
    "a body that never ends": [never, "no complete answer in time"],
    "no answer at all": [() => undefined, "no complete answer in time"],
    "a closed connection": [(request) => request.socket.destroy(), "not reached"],
    "a body that breaks off": [
      (request, response) => {
        response.writeHead(200, { "content-type": "application/json", "content-length": "900" });
        response.write("{");
        setTimeout(() => request.socket.destroy(), 20);
      },
      "not reached",
    ],
    "headers over 16 KiB": [
      (_request, response) => {
        response.writeHead(200, { "x-filler": "a".repeat(15_000), "x-more": "b".repeat(15_000) });
        response.end("{}");
      },
      "not reached",
    ],
    "a bomb of gzip": [
      (_request, response) => {
        const bomb = gzipSync(new Uint8Array(50_000_000));
        response.writeHead(200, {
          "content-type": "application/json",
          "content-encoding": "gzip",
        });
        response.end(bomb.subarray(0, 60_000));
      },
      "compressed answer",
    ],
  };
  for (const [title, [handler, reason]] of Object.entries(faults)) {
    it(`could not find out: ${title}`, async () => {
      server.handler = handler;
      const start = performance.now();
      await expectUnavailable(source.rowOf("alice"), reason);
      expect(performance.now() - start).to.be.below(ENDPOINT_BOUNDS.timeoutMs + 1_000);
    });
  }

  it("could not find out: nobody listens", async () => {
    const dead = openTestSource(await deadUrl());
    const error = await expectUnavailable(dead.rowOf("alice"), "not reached");
    expect(error.message).to.match(/ECONNREFUSED/);
    await dead.close();
  });

  it("could not find out: what listens speaks no HTTP", async () => {
    const noHttp = createTcpServer((socket) => socket.end("SSH-2.0-OpenSSH_9.9\r\n"));
    await new Promise<void>((resolve) => noHttp.listen(0, "127.0.0.1", resolve));
    const { port } = noHttp.address() as AddressInfo;
    const asked = openTestSource(`http://127.0.0.1:${port}`);
    const error = await expectUnavailable(asked.rowOf("alice"), "not reached");
    expect(error.message).not.to.include("SSH-2.0");
    await asked.close();
    noHttp.close();
  });

  it("could not find out: a certificate by nobody", async () => {
    let asked = 0;
    const tls = createServer(selfSigned, (_request, response) => {
      asked++;
      response.end();
    });
    await new Promise<void>((resolve) => tls.listen(0, "127.0.0.1", resolve));
    const { port } = tls.address() as AddressInfo;
    const overTls = openTestSource(`https://127.0.0.1:${port}`);
    const error = await expectUnavailable(overTls.rowOf("alice"), "not reached");
    expect(error.message).to.match(/DEPTH_ZERO_SELF_SIGNED_CERT/);
    expect(asked).to.equal(0);
    await overTls.close();
    tls.close();
  });

  it("shows no path of the endpoint, which may hold a key", async () => {
    server.handler = answerJson({}, 500);
    const keyed = openTestSource(`${server.url}/secret-key/`);
    const error = await expectUnavailable(keyed.rowOf("alice"), "HTTP 500");
    expect(JSON.stringify([error.message, error.details])).not.to.include("secret-key");
    await keyed.close();
  });

  it("fails for one user alone where the service does", async () => {
    server.handler = (request, response) => {
      (labelOf(request.url) === "bob" ? answerJson({}, 500) : service)(request, response);
    };
    for (let index = 0; index < 20; index++) {
      await expectUnavailable(source.rowOf("bob"), "HTTP 500");
      expect(await source.rowOf("alice")).to.include({ wallet: WALLET });
    }
  });

  it("waits for a connection within its time", async () => {
    server.handler = (request, response) => {
      setTimeout(() => {
        service(request, response);
      }, 700);
    };
    // 32 at a time, 0.7 s each: two rounds end within the 2 s, and a third does not
    const asked = (count: number) =>
      Promise.allSettled(
        Array.from({ length: count }, (_, index) => source.rowOf(`user${index}`)),
      ).then((all) => all.filter(({ status }) => status === "fulfilled").length);
    const start = performance.now();
    expect(await asked(64)).to.equal(64);
    expect(await asked(96)).to.equal(64);
    expect(performance.now() - start).to.be.below(1_400 + ENDPOINT_BOUNDS.timeoutMs + 1_000);
  });

  it("keeps connections, and has a bounded number of them", async () => {
    const sockets = new Set<Socket>();
    server.handler = (request, response) => {
      sockets.add(request.socket);
      setTimeout(() => {
        service(request, response);
      }, 5);
    };
    for (let index = 0; index < 20; index++) await source.rowOf("alice");
    // a second one is opened where the first has not quite ended its answer when the next question comes
    expect(sockets.size).to.be.below(3);
    await Promise.all(Array.from({ length: 200 }, (_, index) => source.rowOf(`user${index}`)));
    expect(sockets.size).to.equal(ENDPOINT_BOUNDS.mostConnections);
  });

  it("asks once more where an idle connection was closed, with another signature", async () => {
    const signatures: unknown[] = [];
    let closes = true;
    server.handler = (request, response) => {
      signatures.push(request.headers["signature"]);
      if (closes) request.socket.destroy();
      else service(request, response);
      closes = false;
    };
    expect(await source.rowOf("alice")).to.include({ wallet: WALLET });
    expect(new Set(signatures)).to.have.property("size", 2);
  });

  it("asks no third time", async () => {
    server.handler = (request) => request.socket.destroy();
    await expectUnavailable(source.rowOf("alice"), "not reached");
    expect(server.requests).to.have.length(2);
  });

  it("refuses at once what is over its bound, and serves again afterwards", async () => {
    server.handler = () => undefined;
    const held = holdAll(source);
    const start = performance.now();
    await expectUnavailable(source.rowOf("alice"), "too many questions under way");
    expect(performance.now() - start).to.be.below(500);
    await held;
    server.handler = service;
    await new Promise((resolve) => setTimeout(resolve, 600));
    expect(await source.rowOf("alice")).to.include({ wallet: WALLET });
  });

  it("refuses at once while the endpoint is away, and finds out that it is back", async () => {
    server.handler = (request) => request.socket.destroy();
    for (let index = 0; index < 8; index++) {
      await expectUnavailable(source.rowOf("alice"), "not reached");
    }
    const before = server.requests.length;
    for (let index = 0; index < 8; index++) {
      await expectUnavailable(source.rowOf("alice"), "not reached");
    }
    expect(server.requests).to.have.length(before);
    server.handler = service;
    await new Promise((resolve) => setTimeout(resolve, 600));
    for (let index = 0; index < 8; index++) {
      expect(await source.rowOf("alice")).to.include({ wallet: WALLET });
    }
  });

  it("does not hold up another endpoint while one is stuck", async () => {
    const stuck = await serve(() => undefined);
    const other = openTestSource(stuck.url);
    const held = holdAll(other);
    let isHeld = true;
    void held.then(() => (isHeld = false));
    for (let index = 0; index < 3; index++) await source.rowOf(`user${index}`);
    expect(isHeld, "the other one is stuck all the while").to.equal(true);
    await other.close();
    await held;
    await stuck.close();
  });

  it("fails what is under way when it is closed", async () => {
    server.handler = () => undefined;
    const asked = expectUnavailable(source.rowOf("alice"), "not reached");
    await new Promise((resolve) => setTimeout(resolve, 50));
    await source.close();
    await asked;
  });

  describe("checkEndpoint", () => {
    /** The same, but 401 without a signature. */
    const guarded: Handler = (request, response) => {
      const isSigned = request.headers["signature"] !== undefined;
      (isSigned ? service : answerJson({}, 401))(request, response);
    };
    const nobody: Handler = (request, response) => {
      answerJson({ label: labelOf(request.url), error: "NO_SUCH_USER" }, 404)(request, response);
    };

    it("asks for a user that cannot be, and without a signature", async () => {
      server.handler = (request, response) => {
        const isSigned = request.headers["signature"] !== undefined;
        (isSigned ? nobody : answerJson({}, 401))(request, response);
      };
      expect(await checkEndpoint(source)).to.deep.equal([]);
      expect(server.requests).to.have.length(2);
      expect(server.requests[0]).to.match(/^GET \/signpost\/signpost-check-[0-9a-f]{16}$/);
    });

    it("finds an endpoint that answers everybody", async () => {
      server.handler = nobody;
      expect(await checkEndpoint(source)).to.deep.equal(["UNSIGNED_ANSWERED"]);
    });

    it("finds one that says yes to everything", async () => {
      server.handler = guarded;
      expect(await checkEndpoint(source)).to.deep.equal(["EVERYBODY_EXISTS"]);
    });

    it("fails at a 404 that is not documented", async () => {
      server.handler = answer("Not found", { status: 404, type: "text/plain" });
      await expectUnavailable(checkEndpoint(source), "HTTP 404 without NO_SUCH_USER");
    });
  });
});
