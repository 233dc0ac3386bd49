import { expect } from "chai";
import { FetchRequest, JsonRpcProvider, toUtf8Bytes, toUtf8String, ZeroAddress } from "ethers";
import { fromHex } from "../../src/abi/hex.js";
import { revertDataOf } from "../../src/lookup/revertData.js";

const bytes = Uint8Array.of(0xde, 0xad);

/** Where nodes and libraries were seen to put the revert data. */
const PLACES: Readonly<Record<string, unknown>> = {
  "geth, erigon, hardhat in process": { code: 3, message: "execution reverted", data: "0xdead" },
  "hardhat over HTTP": {
    code: -32603,
    data: { message: "reverted", txHash: "0x", data: "0xdead" },
  },
  OpenEthereum: { code: -32015, message: "VM execution error.", data: "Reverted 0xdead" },
  MetaMask: { code: -32603, data: { originalError: { code: 3, data: "0xdead" } } },
  "ethers 6 around a node": { info: { error: { code: 3, data: "0xdead" } } },
  "ethers 5 around a node": { error: { error: { data: "0xdead" } } },
  "viem, two causes deep": { cause: { cause: { data: "0xDEAD" } } },
  "web3.js around a node": { innerError: { code: 3, data: "0xdead" } },
  "ethers 5 that kept the node's answer as text": {
    code: "SERVER_ERROR",
    body: '{"jsonrpc":"2.0","id":1,"error":{"code":3,"message":"execution reverted","data":"0xdead"}}',
  },
  "a wallet that gives empty data beside the node's": {
    data: "0x",
    cause: { data: "0xdead" },
  },
};

describe("revertData", () => {
  for (const [place, error] of Object.entries(PLACES)) {
    it(`is found where ${place} puts it`, () => {
      expect(revertDataOf(error)).to.deep.equal(bytes);
    });
  }

  for (const message of [
    "execution reverted: 0x08c379a0",
    'execution reverted with data: "0x08c379a0"',
    "Reverted 0x08c379a0",
  ]) {
    it(`is found at the end of the message: ${message}`, () => {
      expect(revertDataOf({ code: -32000, message })).to.deep.equal(fromHex("0x08c379a0"));
    });
  }

  it("is told from a node that is busy, which ethers 6 reports as a call that failed", async () => {
    for (const data of [undefined, null, "0x"]) {
      const limit = { code: -32005, message: "limit exceeded", data };
      const reverted = { code: -32000, message: "execution reverted", data };
      expect(revertDataOf(await ethersErrorOf(limit))).to.equal(null);
      expect(revertDataOf(await ethersErrorOf(reverted))).to.deep.equal(new Uint8Array());
    }
  });

  const bare = [
    // a message that quotes the call, or words that only look like data
    { code: -32000, message: 'execution reverted (transaction={"data":"0x9061b92300"})' },
    { code: -32000, message: "execution reverted: 0xBEEF" },
    { code: -32000, message: "execution reverted", body: "<html>" },
    { code: 3, message: "" },
    { code: -32015, message: "" },
    { code: -32000, message: "execution reverted" },
    { code: -32603, message: "VM Exception while processing transaction: invalid opcode" },
    { code: 3, data: "0x" },
    { code: 3, message: "execution reverted", data: "0x" },
    { code: -32603, message: "reverted", data: { message: "reverted", data: "0x" } },
  ];
  for (const error of bare) {
    it(`is empty for ${JSON.stringify(error)}`, () => {
      expect(revertDataOf(error)).to.deep.equal(new Uint8Array());
    });
  }

  const failures = [
    { code: -32005, message: "limit exceeded" },
    { code: -32000, message: "header not found" },
    { code: -32603, message: "internal error", data: { trace: "abc" } },
    { message: "fetch failed", transaction: { data: "0xdead" } },
    { data: "0xabc" },
    // an outage with empty data, which would look like a name without records
    { code: -32000, message: "quota", data: "0x" },
    { code: -32005, message: "limit exceeded", data: { data: "0x" } },
    { message: "HTTP request failed", cause: { code: -32000, data: "0x" } },
    new Error("socket hang up"),
    "a string",
    null,
    undefined,
  ];
  for (const error of failures) {
    it(`is null for ${JSON.stringify(error)}, which is no revert`, () => {
      expect(revertDataOf(error)).to.equal(null);
    });
  }

  it("ends with an error that contains itself", () => {
    const error: { cause?: unknown } = {};
    error.cause = error;
    expect(revertDataOf(error)).to.equal(null);
  });
});

/** What ethers makes of a node's error. */
async function ethersErrorOf(error: object): Promise<unknown> {
  const request = new FetchRequest("http://node.example");
  request.getUrlFunc = (asked) => {
    const { id } = JSON.parse(toUtf8String(asked.body ?? "0x")) as { id: number };
    const body = toUtf8Bytes(JSON.stringify({ jsonrpc: "2.0", id, error }));
    return Promise.resolve({ statusCode: 200, statusMessage: "OK", headers: {}, body });
  };
  const provider = new JsonRpcProvider(request, 1, { staticNetwork: true, batchMaxCount: 1 });
  try {
    return await provider.call({ to: ZeroAddress, data: "0x12345678" });
  } catch (thrown) {
    return thrown;
  } finally {
    provider.destroy();
  }
}
