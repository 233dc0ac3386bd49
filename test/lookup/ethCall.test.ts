import { expect } from "chai";
import hre from "hardhat";
import { createPublicClient, custom, http } from "viem";
import { toHex } from "../../src/abi/hex.js";
import { fromHex } from "../../src/abi/hex.js";
import { text } from "../../src/ens/resolverFunctions.js";
import { Deadline } from "../../src/fetch/deadline.js";
import { callContract } from "../../src/lookup/ethCall.js";
import { type Eip1193Provider, httpProvider, RpcFault } from "../../src/lookup/rpc.js";
import { type Contract, deploy, ethers } from "../contracts/deployment.js";
import { expectRejection } from "../expectError.js";
import { type ChainServer, serveChain } from "./chainServer.js";
import { provider } from "./localEns.js";
import {
  answer,
  answerJson,
  deadUrl,
  endless,
  type LoopbackServer,
  serve,
} from "./loopbackServer.js";

const node = new Uint8Array(32);

describe("ethCall", () => {
  let chain: ChainServer;
  let contract: Contract;
  let address: Uint8Array;

  before(async () => {
    chain = await serveChain();
    contract = await deploy("LegacyResolver");
    address = fromHex(await contract.getAddress());
  });
  after(() => chain.close());

  const call = (asked: Eip1193Provider, callData: Uint8Array, timeoutMs = 5_000) =>
    callContract({ provider: asked, deadline: new Deadline(timeoutMs) }, address, callData);

  describe("tells a revert from a failure, whoever stands between", () => {
    // each the real client that people hand to the SDK
    const providers: Readonly<Record<string, () => Eip1193Provider>> = {
      "hardhat in process": () => provider,
      "JSON-RPC over HTTP": () => httpProvider(chain.url, 5_000),
      "viem, custom transport": () =>
        createPublicClient({
          transport: custom(hre.network.provider, { retryCount: 0 }),
        }) as unknown as Eip1193Provider,
      "viem, http transport": () =>
        createPublicClient({ transport: http(chain.url, { retryCount: 0 }) }) as Eip1193Provider,
      "ethers, JsonRpcProvider.send": () => {
        const client = new ethers.JsonRpcProvider(chain.url, undefined, { staticNetwork: true });
        return { request: ({ method, params }) => client.send(method, params) };
      },
      "ethers, BrowserProvider.send": () => {
        const client = new ethers.BrowserProvider(hre.network.provider);
        return { request: ({ method, params }) => client.send(method, params) };
      },
    };
    for (const [title, create] of Object.entries(providers)) {
      it(title, async () => {
        const reverted = await call(create(), text.encodeInput(node, "k"));
        expect(reverted.kind).to.equal("reverted");
        expect(toHex(reverted.data)).to.equal(
          contract.interface.encodeErrorResult("TextNotAllowed", ["k"]),
        );
        const bare = await call(create(), Uint8Array.of(1, 2, 3, 4));
        expect(bare).to.deep.equal({ kind: "reverted", data: new Uint8Array() });
      });
    }
  });

  describe("with an RPC node that fails", () => {
    let server: LoopbackServer;
    before(async () => {
      server = await serve(answer(""));
    });
    after(() => server.close());

    const rpcError = (error: object) => answerJson({ jsonrpc: "2.0", id: 1, error });
    const failures = {
      "a quota, with empty data": [
        rpcError({ code: -32000, message: "daily quota exceeded", data: "0x" }),
        /daily quota exceeded/,
      ],
      "rate limit": [rpcError({ code: -32005, message: "limit exceeded" }), /limit exceeded/],
      "HTTP 429": [
        answer("slow down", { status: 429, type: "text/plain" }),
        /HTTP 429 without JSON/,
      ],
      "HTTP 401": [answerJson({ message: "bad key" }, 401), /HTTP 401 without a result/],
      HTML: [answer("<html>", { type: "text/html" }), /HTTP 200 without JSON/],
      "no result": [answerJson({ jsonrpc: "2.0", id: 1 }), /without a result/],
      "a result of another type": [answerJson({ result: 7 }), /no hexadecimal text/],
      "a result that is no hex": [answerJson({ result: "0x1" }), /no hexadecimal text/],
      "an answer without end": [endless, /more than 4194304 bytes/],
    } as const;
    for (const [title, [handler, reason]] of Object.entries(failures)) {
      it(`${title} is UNREACHABLE`, async () => {
        server.handler = handler;
        const asked = call(httpProvider(`${server.url}/v3/secret-key`, 2_000), new Uint8Array(4));
        const { details, message } = await expectRejection(asked, "UNREACHABLE", reason);
        expect(details["unreachable"]).to.have.nested.property("[0].who", "RPC node");
        expect(message).to.not.match(/secret-key/);
      });
    }

    it("a revert with an HTTP error status is a revert", async () => {
      server.handler = answerJson({ error: { code: 3, message: "reverted", data: "0x1234" } }, 400);
      const result = await call(httpProvider(server.url, 2_000), new Uint8Array(4));
      expect(result).to.deep.equal({ kind: "reverted", data: Uint8Array.of(0x12, 0x34) });
    });

    it("nobody there, and no key in the message", async () => {
      const url = `${await deadUrl()}/secret-key`;
      const asked = call(httpProvider(url, 2_000), new Uint8Array(4));
      const { message } = await expectRejection(asked, "UNREACHABLE", /ECONNREFUSED/);
      expect(message).to.not.match(/secret-key/);
    });

    it("libraries that print the URL do not give the key away", async () => {
      const url = `${await deadUrl()}/secret-key`;
      const client = createPublicClient({ transport: http(url, { retryCount: 0 }) });
      const asked = call(client as Eip1193Provider, new Uint8Array(4));
      const { message } = await expectRejection(asked, "UNREACHABLE", /HTTP request failed/);
      expect(message).to.not.match(/secret-key/);
    });

    it("no URL gets into the message, wherever the node or a library puts it", async () => {
      const urls = [
        "https://rpc.example/v3/secret-key",
        "HTTPS://rpc.example/secret-key",
        "wss://user:secret-key@rpc.example",
        "chrome-extension://secret-key/",
      ];
      for (const url of urls) {
        for (const text of [url, `POST ${url} failed.`, `(${url})`, `{"url":"${url}"}`]) {
          server.handler = rpcError({ code: -32000, message: text });
          const asked = call(httpProvider(server.url, 2_000), new Uint8Array(4));
          const error = await expectRejection(asked, "UNREACHABLE", /\(URL left out\)/);
          expect(`${error.message}${JSON.stringify(error.details)}`).to.not.match(/secret-key/);
        }
      }
    });

    for (const part of ["a", "://", "a.", "a://", "x://y ", " ", "\u202e", "-"]) {
      it(`a message of a megabyte of ${JSON.stringify(part)} costs nothing`, async () => {
        // a search in quadratic time shows in the first already, before the second takes minutes
        for (const length of [50_000, 1_048_576]) {
          const message = part.repeat(length / part.length);
          const talkative: Eip1193Provider = {
            request: () => Promise.reject(new RpcFault(message, -32000, undefined)),
          };
          const timesMs: number[] = [];
          // the quickest of three: others may be at work on this machine
          for (let attempt = 0; attempt < 3; attempt++) {
            const startMs = performance.now();
            const error = await expectRejection(
              call(talkative, new Uint8Array(4)),
              "UNREACHABLE",
              /^The RPC node could not be asked: /,
            );
            timesMs.push(performance.now() - startMs);
            expect(JSON.stringify([error.message, error.details])).to.have.length.below(1_000);
          }
          expect(Math.min(...timesMs)).to.be.below(100);
        }
      });
    }

    it("silence ends with the deadline", async () => {
      const silent: Eip1193Provider = { request: () => new Promise(() => undefined) };
      const asked = call(silent, new Uint8Array(4), 50);
      await expectRejection(asked, "UNREACHABLE", /no answer came within 50 ms/);
    });
  });
});
