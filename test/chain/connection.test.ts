import { expect } from "chai";
import { connect, rpcFailure } from "../../src/chain/connection.js";
import { SignpostError } from "../../src/errors.js";
import { expectRejection } from "../expectError.js";
import { type ChainServer, serveChain } from "../lookup/chainServer.js";
import { answer, deadUrl, serve } from "../lookup/loopbackServer.js";

describe("chain/connection", () => {
  let chain: ChainServer;
  before(async () => {
    chain = await serveChain();
  });
  after(() => chain.close());

  it("asks the node for its chain", async () => {
    const connection = await connect(chain.url);
    expect(connection.chainId).to.equal(31337n);
    expect(await connection.provider.getBlockNumber()).to.be.a("number");
    connection.close();
  });

  it("refuses what is no http URL", async () => {
    for (const url of ["", "ws://127.0.0.1:1", "127.0.0.1:8545"]) {
      await expectRejection(connect(url), "INVALID_REQUEST", /not an absolute http: or https: URL/);
    }
  });

  it("leaves a busy node alone for as many seconds as it asks", async () => {
    const node = await serve(answer('{"jsonrpc":"2.0","id":1,"result":"0x1"}'));
    const connection = await connect(node.url);
    const askedAtMs: number[] = [];
    node.handler = (request, response) => {
      askedAtMs.push(Date.now());
      if (askedAtMs.length === 1) response.writeHead(429, { "retry-after": "1" }).end();
      else answer('{"jsonrpc":"2.0","id":1,"result":"0x10"}')(request, response);
    };
    expect(await connection.provider.getBlockNumber()).to.equal(16);
    const [first = 0, second = 0] = askedAtMs;
    expect(second - first).to.be.at.least(990);
    connection.close();
    await node.close();
  });

  it("says why a node is of no use, and never its URL", async () => {
    const server = await serve(answer(""));
    const url = `${server.url}/v3/secret-api-key`;
    const failures: [Parameters<typeof answer>, RegExp][] = [
      [["", { status: 401 }], /HTTP 401 without JSON/],
      [["<html>", {}], /HTTP 200 without JSON/],
      [[JSON.stringify({ jsonrpc: "2.0", id: 1, result: "" }), {}], /no number/],
      [
        [JSON.stringify({ jsonrpc: "2.0", id: 1, error: { code: 1, message: "no" } }), {}],
        /could not be asked: no\./,
      ],
    ];
    for (const [args, sentence] of failures) {
      server.handler = answer(...args);
      const error = await expectRejection(connect(url), "UNREACHABLE", sentence);
      expect(JSON.stringify([error.message, error.details])).not.to.include("secret-api-key");
    }
    await server.close();
    const gone = await expectRejection(
      connect(`${await deadUrl()}/secret-api-key`),
      "UNREACHABLE",
      /ECONNREFUSED/,
    );
    expect(gone.message).not.to.include("secret-api-key");
  });

  it("keeps our own errors, and takes the node's word out of foreign ones", () => {
    const ours = new SignpostError("INVALID_NAME", "The name is wrong.");
    expect(rpcFailure(ours, "x")).to.equal(ours);
    const foreign = { info: { error: { message: "rate limit at https://rpc.example/key" } } };
    expect(rpcFailure(foreign, "reading").message).to.equal(
      "The RPC node failed while reading (rate limit at (URL left out)). Try again, or use another node.",
    );
  });
});
