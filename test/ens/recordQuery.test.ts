import { expect } from "chai";
import { AbiCoder, Interface, namehash, ZeroAddress } from "ethers";
import { fromHex, toHex } from "../../src/abi/hex.js";
import { addressFrom } from "../../src/ens/address.js";
import { decodeRecordQuery } from "../../src/ens/recordQuery.js";
import { type NameRecords, NO_RECORDS } from "../../src/ens/records.js";
import {
  abi,
  data,
  hasAddr,
  interfaceImplementer,
  name,
  pubkey,
  supportedDataKeys,
} from "../../src/ens/resolverFunctions.js";
import { expectError } from "../expectError.js";

const NODE = namehash("alice.users.example.eth");
const ETH = `0x${"11".repeat(20)}`;
const DEFAULT_EVM = `0x${"22".repeat(20)}`;
const BITCOIN = `0x${"33".repeat(25)}`;
const IMPLEMENTER = `0x${"44".repeat(20)}`;

const RECORDS: NameRecords = {
  ...NO_RECORDS,
  addresses: new Map([
    [60n, fromHex(ETH)],
    [0n, fromHex(BITCOIN)],
    [0x8000_0000n, fromHex(DEFAULT_EVM)],
  ]),
  texts: new Map([["avatar", "https://example.com/ü.png"]]),
  contenthash: fromHex("0xe30101"),
  nameRecord: "alice.example.eth",
  pubkey: { x: new Uint8Array(32).fill(0x58), y: new Uint8Array(32).fill(0x59) },
  abis: new Map([
    [8n, fromHex("0x68747470")],
    [2n, fromHex("0x789c")],
  ]),
  data: new Map([
    ["agent-context", fromHex("0xda7a")],
    ["empty", new Uint8Array(0)],
  ]),
  interfaces: new Map([["0x01ffc9a7", addressFrom(fromHex(IMPLEMENTER))]]),
};

/** An interface that we did not write asks and reads. */
const resolver = new Interface([
  "function addr(bytes32 node) view returns (address)",
  "function addr(bytes32 node, uint256 coinType) view returns (bytes)",
  "function text(bytes32 node, string key) view returns (string)",
  "function contenthash(bytes32 node) view returns (bytes)",
  "function name(bytes32 node) view returns (string)",
  "function pubkey(bytes32 node) view returns (bytes32 x, bytes32 y)",
  "function ABI(bytes32 node, uint256 contentTypes) view returns (uint256, bytes)",
  "function data(bytes32 node, string key) view returns (bytes)",
  "function supportedDataKeys(bytes32 node) view returns (string[])",
  "function hasAddr(bytes32 node, uint256 coinType) view returns (bool)",
  "function interfaceImplementer(bytes32 node, bytes4 interfaceID) view returns (address)",
  "function zonehash(bytes32 node) view returns (bytes)",
  "function multicall(bytes[] calls) view returns (bytes[])",
  "error UnsupportedResolverProfile(bytes4 selector)",
]);

function answerOf(records: NameRecords, name: string, ...args: unknown[]): string {
  const call = fromHex(resolver.encodeFunctionData(name, [NODE, ...args]));
  return toHex(decodeRecordQuery(call).answer(records));
}

function askAll(records: NameRecords, name: string, ...args: unknown[]): unknown[] {
  const result = answerOf(records, name, ...args);
  return resolver.decodeFunctionResult(name, result).toArray(true);
}

function ask(records: NameRecords, name: string, ...args: unknown[]): string {
  return String(askAll(records, name, ...args)[0]);
}

describe("ens/recordQuery", () => {
  it("answers each record", () => {
    expect(ask(RECORDS, "addr(bytes32)").toLowerCase()).to.equal(ETH);
    expect(ask(RECORDS, "addr(bytes32,uint256)", 60)).to.equal(ETH);
    expect(ask(RECORDS, "addr(bytes32,uint256)", 0)).to.equal(BITCOIN);
    expect(ask(RECORDS, "text", "avatar")).to.equal("https://example.com/ü.png");
    expect(ask(RECORDS, "contenthash")).to.equal("0xe30101");
    expect(ask(RECORDS, "name")).to.equal("alice.example.eth");
    const coordinates = [`0x${"58".repeat(32)}`, `0x${"59".repeat(32)}`];
    expect(askAll(RECORDS, "pubkey")).to.deep.equal(coordinates);
    expect(ask(RECORDS, "data", "agent-context")).to.equal("0xda7a");
    expect(ask(RECORDS, "data", "other")).to.equal("0x");
    expect(askAll(RECORDS, "supportedDataKeys")).to.deep.equal([["agent-context", "empty"]]);
    expect(ask(RECORDS, "interfaceImplementer", "0x01ffc9a7")).to.equal(IMPLEMENTER);
    expect(ask(RECORDS, "interfaceImplementer", "0x01ffc9a8")).to.equal(ZeroAddress);
  });

  it("has the selectors that the standards print", () => {
    const printed = {
      name: "0x691f3431",
      pubkey: "0xc8690233",
      ABI: "0x2203ab56",
      data: "0xecbfada3",
      supportedDataKeys: "0x29fb1892",
      hasAddr: "0x32f111d7",
      // ens-contracts' IInterfaceResolver; ENSIP-8's text has 0xb8f2bbb4, which is no hash of its own signature
      interfaceImplementer: "0x124a319c",
    };
    for (const ours of [
      name,
      pubkey,
      abi,
      data,
      supportedDataKeys,
      hasAddr,
      interfaceImplementer,
    ]) {
      const [own] = ours.signature.split("(");
      expect(printed, own).to.have.property(own!, ours.selector);
    }
  });

  it("gives an EVM chain without its own address the default one (ENSIP-19), and no other coin", () => {
    expect(ask(RECORDS, "addr(bytes32,uint256)", 0x8000_000a)).to.equal(DEFAULT_EVM);
    expect(ask(RECORDS, "addr(bytes32,uint256)", 0x8000_0000)).to.equal(DEFAULT_EVM);
    expect(ask(RECORDS, "addr(bytes32,uint256)", 0x1_8000_0002)).to.equal("0x");
    expect(ask(RECORDS, "addr(bytes32,uint256)", 2)).to.equal("0x");
    const onlyDefault = { ...RECORDS, addresses: new Map([[0x8000_0000n, fromHex(DEFAULT_EVM)]]) };
    expect(ask(onlyDefault, "addr(bytes32)").toLowerCase()).to.equal(DEFAULT_EVM);
  });

  it("answers a zero address of an EVM chain as none, and not by the default one", () => {
    const zero = new Uint8Array(20);
    const addresses = new Map([...RECORDS.addresses, [0x8000_000an, zero] as const]);
    const records = { ...RECORDS, addresses };
    expect(ask(records, "addr(bytes32,uint256)", 0x8000_000a)).to.equal("0x");
    expect(askAll(records, "hasAddr", 0x8000_000a)).to.deep.equal([false]);
    expect(ask(records, "addr(bytes32,uint256)", 0x8000_000b)).to.equal(DEFAULT_EVM);
    const noDefault = { ...RECORDS, addresses: new Map([[0x8000_0000n, zero]]) };
    expect(ask(noDefault, "addr(bytes32,uint256)", 60)).to.equal("0x");
    expect(ask(noDefault, "addr(bytes32)")).to.equal(ZeroAddress);
  });

  it("answers absent records in the form of each function, never with no bytes", () => {
    const absent = (name: string, ...args: unknown[]) => answerOf(NO_RECORDS, name, ...args);
    const zero = "0".repeat(64);
    const empty = `0x${"20".padStart(64, "0")}${zero}`;
    expect(absent("addr(bytes32)")).to.equal(`0x${zero}`);
    expect(absent("addr(bytes32,uint256)", 60)).to.equal(empty);
    expect(absent("text", "network.dm3.profile")).to.equal(empty);
    expect(absent("contenthash")).to.equal(empty);
    expect(absent("name")).to.equal(empty);
    expect(absent("data", "agent-context")).to.equal(empty);
    expect(absent("supportedDataKeys")).to.equal(empty);
    expect(absent("hasAddr", 60)).to.equal(`0x${zero}`);
    expect(absent("interfaceImplementer", "0x01ffc9a7")).to.equal(`0x${zero}`);
    expect(absent("pubkey")).to.equal(`0x${zero}${zero}`);
    expect(absent("ABI", 15)).to.equal(`0x${zero}${"40".padStart(64, "0")}${zero}`);
  });

  it("answers the first ABI in the order of the content types that the caller accepts (ENSIP-4)", () => {
    const uri = [8n, "0x68747470"];
    const compressed = [2n, "0x789c"];
    const none = [0n, "0x"];
    expect(askAll(RECORDS, "ABI", 15)).to.deep.equal(compressed);
    expect(askAll(RECORDS, "ABI", 2)).to.deep.equal(compressed);
    expect(askAll(RECORDS, "ABI", 10)).to.deep.equal(compressed);
    expect(askAll(RECORDS, "ABI", 2n ** 256n - 1n)).to.deep.equal(compressed);
    expect(askAll(RECORDS, "ABI", 13)).to.deep.equal(uri);
    expect(askAll(RECORDS, "ABI", 8)).to.deep.equal(uri);
    for (const others of [0, 1, 4, 5, 16, 2n ** 255n]) {
      expect(askAll(RECORDS, "ABI", others)).to.deep.equal(none);
    }
  });

  it("says that there is an address exactly where addr(coinType) has one, by default as well", () => {
    for (const coinType of [60, 0, 0x8000_0000, 0x8000_000a, 0xffff_ffff]) {
      expect(askAll(RECORDS, "hasAddr", coinType)).to.deep.equal([true]);
    }
    for (const coinType of [2, 0x7fff_ffff, 0x1_0000_0000]) {
      expect(askAll(RECORDS, "hasAddr", coinType)).to.deep.equal([false]);
    }
    const empty = { ...RECORDS, addresses: new Map([[0n, new Uint8Array(0)]]) };
    expect(askAll(empty, "hasAddr", 0)).to.deep.equal([false]);
    expect(askAll(empty, "hasAddr", 60)).to.deep.equal([false]);
  });

  it("answers an unknown function with a typed error", () => {
    const query = decodeRecordQuery(fromHex(resolver.encodeFunctionData("zonehash", [NODE])));
    const error = resolver.parseError(toHex(query.answer(RECORDS)));
    expect(error?.name).to.equal("UnsupportedResolverProfile");
    expect(error?.args[0]).to.equal("0x5c98042b");
    expect(query.answer(RECORDS).length % 32).to.equal(4);
  });

  describe("multicall", () => {
    const multicall = (calls: string[]) =>
      decodeRecordQuery(fromHex(resolver.encodeFunctionData("multicall", [calls])));
    const text = resolver.encodeFunctionData("text", [NODE, "avatar"]);
    const zonehash = resolver.encodeFunctionData("zonehash", [NODE]);

    it("has as many results as calls, a failing one as its error", () => {
      const results = resolver.decodeFunctionResult(
        "multicall",
        multicall([text, zonehash, "0x00000000", text]).answer(RECORDS),
      )[0] as string[];
      expect(results).to.have.length(4);
      expect(resolver.decodeFunctionResult("text", results[0]!)[0]).to.equal(
        "https://example.com/ü.png",
      );
      expect(resolver.parseError(results[1]!)?.args[0]).to.equal("0x5c98042b");
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

    it("takes 256 items and no more", () => {
      expect(multicall(new Array<string>(256).fill(text)).nodes).to.have.length(256);
      expectError(
        () => multicall(new Array<string>(257).fill(text)),
        "INVALID_CALL_DATA",
        /257 items; send 256 at most/,
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

    it("answers what ensjs asks at most: 148 coins, texts and a content hash", () => {
      const calls = [
        ...Array.from({ length: 40 }, (_, index) =>
          resolver.encodeFunctionData("text", [NODE, `key-${index}`]),
        ),
        ...Array.from({ length: 148 }, (_, coinType) =>
          resolver.encodeFunctionData("addr(bytes32,uint256)", [NODE, coinType]),
        ),
        resolver.encodeFunctionData("contenthash", [NODE]),
      ];
      const texts = new Map(
        Array.from({ length: 40 }, (_, index) => [`key-${index}`, "é".repeat(500)]),
      );
      const answer = multicall(calls).answer({ ...RECORDS, texts });
      const [results] = resolver.decodeFunctionResult("multicall", answer) as unknown as [string[]];
      expect(results).to.have.length(189);
      for (const result of results) expect((result.length - 2) % 64).to.equal(0);
    });

    describe("that asks for more than an answer may hold", () => {
      const HTTP_ERROR = new Interface(["error HttpError(uint16 status, string message)"]);
      const resultsOf = (calls: string[], records: NameRecords) => {
        const answer = multicall(calls).answer(records);
        expect(answer.length).to.be.at.most(64 * 1024);
        return [...(resolver.decodeFunctionResult("multicall", answer)[0] as string[])];
      };
      const texts = new Map(
        Array.from({ length: 64 }, (_, index) => [`key-${index}`, "x".repeat(4096)]),
      );
      const keys = [...texts.keys()];
      const askText = (key: string) => resolver.encodeFunctionData("text", [NODE, key]);

      it("gives the first ones that fit, and every other one an error of its own", () => {
        const results = resultsOf([...keys.map(askText), askText("none")], { ...RECORDS, texts });
        const isError = results.map((result) => HTTP_ERROR.parseError(result)?.args[0] === 413n);
        expect(isError.indexOf(true)).to.equal(12);
        expect(isError.slice(12, 64)).not.to.include(false);
        expect(resolver.decodeFunctionResult("text", results[0]!)[0]).to.equal("x".repeat(4096));
        // a short one behind them still fits
        expect(resolver.decodeFunctionResult("text", results[64]!)[0]).to.equal("");
      });

      it("also of 256 items, and of the longest record there is", () => {
        const results = resultsOf(
          Array.from({ length: 256 }, (_, index) => askText(keys[index % 64]!)),
          { ...RECORDS, texts },
        );
        expect(HTTP_ERROR.parseError(results[255]!)?.args[1]).to.equal(
          "ask for this record by itself",
        );
        const abis = new Map([[1n, new Uint8Array(16_384)]]);
        const abi = resolver.encodeFunctionData("ABI", [NODE, 1]);
        const encoded = resultsOf([abi, abi, abi, abi], { ...RECORDS, abis });
        expect(encoded.map((result) => result.length > 16_384)).to.deep.equal([
          ...[true, true, true, false],
        ]);
      });

      it("encodes no more than fits of items that share their bytes", () => {
        let read = 0;
        const counted = { ...RECORDS, texts: { get: () => (read++, "x".repeat(4096)) } };
        const one = AbiCoder.defaultAbiCoder()
          .encode(["bytes[]"], [[askText("a")]])
          .slice(2);
        const words = one.match(/.{64}/g)!;
        // 63 offsets of one and the same item
        const offset = (63 * 32).toString(16).padStart(64, "0");
        const shared = [
          words[0],
          (63).toString(16).padStart(64, "0"),
          ...new Array<string>(63).fill(offset),
          ...words.slice(3),
        ].join("");
        const query = decodeRecordQuery(fromHex(`0xac9650d8${shared}`));
        const answer = query.answer(counted as unknown as NameRecords);
        // as often as 4 KiB fit into 64, and once for all that stand behind
        expect(read).to.be.at.most(17);
        expect(answer.length).to.be.below(64 * 1024);
        expect(resolver.decodeFunctionResult("multicall", answer)[0]).to.have.length(63);
      });
    });
  });
});
