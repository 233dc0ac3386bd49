import { expect } from "chai";
import { connect } from "../../src/chain/connection.js";
import { readResolver } from "../../src/chain/resolverState.js";
import { expectRejection } from "../expectError.js";
import { type Handler, serve } from "../lookup/loopbackServer.js";

const ADDRESS = `0x${"5f".repeat(20)}`;

interface Asked {
  readonly id: number;
  readonly method: string;
}

/** A node on which there is code at every address, and each call ends in `error`. */
function nodeThatFailsCalls(error: object): Handler {
  const results: Readonly<Record<string, string>> = {
    eth_chainId: "0x1",
    eth_blockNumber: "0x10",
    eth_getCode: "0x6001",
  };
  const answer = ({ id, method }: Asked) => {
    const result = results[method];
    return { jsonrpc: "2.0", id, ...(result === undefined ? { error } : { result }) };
  };
  return (request, response) => {
    let text = "";
    request.on("data", (chunk: Buffer) => (text += chunk.toString()));
    request.on("end", () => {
      const asked = JSON.parse(text) as Asked | Asked[];
      response.setHeader("content-type", "application/json");
      response.end(JSON.stringify(Array.isArray(asked) ? asked.map(answer) : answer(asked)));
    });
  };
}

describe("chain/resolverState", () => {
  for (const [error, code, sentence] of [
    [{ code: -32005, message: "limit exceeded" }, "UNREACHABLE", /limit exceeded/],
    [{ code: -32000, message: "header not found" }, "UNREACHABLE", /header not found/],
    [{ code: 3, message: "execution reverted", data: "0x" }, "INVALID_REQUEST", /is not an Off/],
    [{ code: -32000, message: "execution reverted" }, "INVALID_REQUEST", /is not an Off/],
  ] as const) {
    it(`is ${code} where a node ends calls by ${error.code}, "${error.message}"`, async () => {
      const node = await serve(nodeThatFailsCalls(error));
      const connection = await connect(node.url);
      try {
        const failure = await expectRejection(
          readResolver(connection.provider, ADDRESS),
          code,
          sentence,
        );
        expect(failure.message).not.to.include(node.url);
      } finally {
        connection.close();
        await node.close();
      }
    });
  }
});
