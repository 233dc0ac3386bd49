import { expect } from "chai";
import { connect } from "../../src/chain/connection.js";
import { readResolver } from "../../src/chain/resolverState.js";
import { expectRejection } from "../expectError.js";
import { answerRpc, serve } from "../lookup/loopbackServer.js";

const ADDRESS = `0x${"5f".repeat(20)}`;

/** Of a node on which there is code at each address, and each call fails. */
const RESULTS: Readonly<Record<string, string>> = {
  eth_chainId: "0x1",
  eth_blockNumber: "0x10",
  eth_getCode: "0x6001",
};

describe("chain/resolverState", () => {
  for (const [error, code, sentence] of [
    [{ code: -32005, message: "limit exceeded" }, "UNREACHABLE", /limit exceeded/],
    [{ code: -32000, message: "header not found" }, "UNREACHABLE", /header not found/],
    [{ code: 3, message: "execution reverted", data: "0x" }, "INVALID_REQUEST", /is not an Off/],
    [{ code: -32000, message: "execution reverted" }, "INVALID_REQUEST", /is not an Off/],
  ] as const) {
    it(`is ${code} where a node ends calls by ${error.code}, "${error.message}"`, async () => {
      const node = await serve(
        answerRpc((method) => {
          const result = RESULTS[method];
          return result === undefined ? { error } : { result };
        }),
      );
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
