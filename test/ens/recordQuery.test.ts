import { expect } from "chai";
import { Interface, namehash } from "ethers";
import { fromHex, toHex } from "../../src/abi/hex.js";
import { decodeRecordQuery } from "../../src/ens/recordQuery.js";
import { NO_RECORDS, type NameRecords } from "../../src/ens/records.js";
import { expectError } from "../expectError.js";

const NODE = namehash("alice.users.example.eth");
const ETH = `0x${"11".repeat(20)}`;
const DEFAULT_EVM = `0x${"22".repeat(20)}`;
const BITCOIN = `0x${"33".repeat(25)}`;

const RECORDS: NameRecords = {
  addresses: new Map([
    [60n, fromHex(ETH)],
    [0n, fromHex(BITCOIN)],
    [0x8000_0000n, fromHex(DEFAULT_EVM)],
  ]),
  texts: new Map([["avatar", "https://example.com/ü.png"]]),
  contenthash: fromHex("0xe30101"),
};

/** An interface that we did not write asks and reads. */
const resolver = new Interface([
  "function addr(bytes32 node) view returns (address)",
  "function addr(bytes32 node, uint256 coinType) view returns (bytes)",
  "function text(bytes32 node, string key) view returns (string)",
  "function contenthash(bytes32 node) view returns (bytes)",
  "function pubkey(bytes32 node) view returns (bytes32 x, bytes32 y)",
  "function multicall(bytes[] calls) view returns (bytes[])",
  "error UnsupportedResolverProfile(bytes4 selector)",
]);

function ask(records: NameRecords, name: string, ...args: unknown[]): string {
  const call = fromHex(resolver.encodeFunctionData(name, [NODE, ...args]));
  const result = toHex(decodeRecordQuery(call).answer(records));
  return String(resolver.decodeFunctionResult(name, result)[0]);
}

describe("ens/recordQuery", () => {
  it("answers each record", () => {
    expect(ask(RECORDS, "addr(bytes32)").toLowerCase()).to.equal(ETH);
    expect(ask(RECORDS, "addr(bytes32,uint256)", 60)).to.equal(ETH);
    expect(ask(RECORDS, "addr(bytes32,uint256)", 0)).to.equal(BITCOIN);
    expect(ask(RECORDS, "text", "avatar")).to.equal("https://example.com/ü.png");
    expect(ask(RECORDS, "contenthash")).to.equal("0xe30101");
  });

  it("gives an EVM chain without its own address the default one (ENSIP-19), and no other coin", () => {
    expect(ask(RECORDS, "addr(bytes32,uint256)", 0x8000_000a)).to.equal(DEFAULT_EVM);
    expect(ask(RECORDS, "addr(bytes32,uint256)", 0x8000_0000)).to.equal(DEFAULT_EVM);
    expect(ask(RECORDS, "addr(bytes32,uint256)", 0x1_8000_0002)).to.equal("0x");
    expect(ask(RECORDS, "addr(bytes32,uint256)", 2)).to.equal("0x");
    const onlyDefault = { ...RECORDS, addresses: new Map([[0x8000_0000n, fromHex(DEFAULT_EVM)]]) };
    expect(ask(onlyDefault, "addr(bytes32)").toLowerCase()).to.equal(DEFAULT_EVM);
  });

  it("answers absent records in the form of each function, never with no bytes", () => {
    const absent = (name: string, ...args: unknown[]) =>
      toHex(
        decodeRecordQuery(fromHex(resolver.encodeFunctionData(name, [NODE, ...args]))).answer(
          NO_RECORDS,
        ),
      );
    const zero = "0".repeat(64);
    const empty = `0x${"20".padStart(64, "0")}${zero}`;
    expect(absent("addr(bytes32)")).to.equal(`0x${zero}`);
    expect(absent("addr(bytes32,uint256)", 60)).to.equal(empty);
    expect(absent("text", "network.dm3.profile")).to.equal(empty);
    expect(absent("contenthash")).to.equal(empty);
  });

  it("answers an unknown function with a typed error", () => {
    const query = decodeRecordQuery(fromHex(resolver.encodeFunctionData("pubkey", [NODE])));
    const error = resolver.parseError(toHex(query.answer(RECORDS)));
    expect(error?.name).to.equal("UnsupportedResolverProfile");
    expect(error?.args[0]).to.equal("0xc8690233");
    expect(query.answer(RECORDS).length % 32).to.equal(4);
  });

  describe("multicall", () => {
    const multicall = (calls: string[]) =>
      decodeRecordQuery(fromHex(resolver.encodeFunctionData("multicall", [calls])));
    const text = resolver.encodeFunctionData("text", [NODE, "avatar"]);
    const pubkey = resolver.encodeFunctionData("pubkey", [NODE]);

    it("has as many results as calls, a failing one as its error", () => {
      const results = resolver.decodeFunctionResult(
        "multicall",
        multicall([text, pubkey, "0x00000000", text]).answer(RECORDS),
      )[0] as string[];
      expect(results).to.have.length(4);
      expect(resolver.decodeFunctionResult("text", results[0]!)[0]).to.equal(
        "https://example.com/ü.png",
      );
      expect(resolver.parseError(results[1]!)?.args[0]).to.equal("0xc8690233");
      expect(resolver.parseError(results[2]!)?.args[0]).to.equal("0x00000000");
      expect(results[3]).to.equal(results[0]);
    });

    it("names every node that is asked", () => {
      expect(multicall([text, text]).nodes.map(toHex)).to.deep.equal([NODE, NODE]);
    });

    it("answers a multicall inside as an unknown function", () => {
      const nested = resolver.encodeFunctionData("multicall", [[text]]);
      const [results] = resolver.decodeFunctionResult(
        "multicall",
        multicall([nested]).answer(RECORDS),
      );
      expect(resolver.parseError((results as string[])[0]!)?.args[0]).to.equal("0xac9650d8");
    });

    it("takes 64 items and no more", () => {
      expect(multicall(new Array<string>(64).fill(text)).nodes).to.have.length(64);
      expectError(
        () => multicall(new Array<string>(65).fill(text)),
        "INVALID_CALL_DATA",
        /65 items; send 64 at most/,
      );
    });

    it("refuses a malformed item", () => {
      expectError(
        () => multicall(["0x59d1d43c00"]),
        "INVALID_CALL_DATA",
        /bytes expected at position/,
      );
      expectError(() => multicall(["0x"]), "INVALID_CALL_DATA", /shorter than a function selector/);
    });

    it("answers up to 256 KiB and refuses to answer more", () => {
      const long = { ...RECORDS, texts: new Map([["avatar", "x".repeat(4096)]]) };
      // each result: offset, length, 4096 bytes
      const each = 4160;
      const most = Math.floor((256 * 1024) / each);
      expect(multicall(new Array<string>(most).fill(text)).answer(long).length).to.be.above(
        250_000,
      );
      expectError(
        () => multicall(new Array<string>(most + 1).fill(text)).answer(long),
        "INVALID_CALL_DATA",
        /ask for fewer records/,
      );
    });
  });
});
