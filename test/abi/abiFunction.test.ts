import { expect } from "chai";
import { hexlify, Interface } from "ethers";
import fc from "fast-check";
import { decodeAbiParameters, encodeAbiParameters, parseAbiParameters } from "viem";
import { type AbiFunction, abiFunction, selectorOf } from "../../src/abi/abiFunction.js";
import { fromHex, toHex } from "../../src/abi/hex.js";
import { expectError } from "../expectError.js";

const bytes = (maxLength: number) => fc.uint8Array({ minLength: 0, maxLength });
const exactly = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
const unicode = fc.string({ unit: "grapheme", maxLength: 80 });

/** For every type that the codec knows, values as it takes them. */
const VALUES: Record<string, fc.Arbitrary<unknown>> = {
  bytes: bytes(100),
  string: unicode,
  address: exactly(20),
  bool: fc.boolean(),
  uint256: fc.bigInt({ min: 0n, max: 2n ** 256n - 1n }),
  uint64: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
  uint8: fc.bigInt({ min: 0n, max: 255n }),
  bytes32: exactly(32),
  bytes4: exactly(4),
  "bytes[]": fc.array(bytes(70), { maxLength: 6 }),
  "string[]": fc.array(unicode, { maxLength: 6 }),
  "uint256[]": fc.array(fc.bigInt({ min: 0n, max: 2n ** 256n - 1n }), { maxLength: 6 }),
  "bytes[][]": fc.array(fc.array(bytes(40), { maxLength: 3 }), { maxLength: 3 }),
  "(bytes,uint256,bytes32,address,bool)": fc.tuple(
    bytes(40),
    fc.bigInt({ min: 0n, max: 2n ** 256n - 1n }),
    exactly(32),
    exactly(20),
    fc.boolean(),
  ),
  "(address,string[],bytes)[]": fc.array(
    fc.tuple(exactly(20), fc.array(unicode, { maxLength: 3 }), bytes(40)),
    { maxLength: 3 },
  ),
};

/** A random list of types with values for them. */
const parameters = fc
  .array(fc.constantFrom(...Object.keys(VALUES)), { minLength: 1, maxLength: 5 })
  .chain((types) =>
    fc.record({
      types: fc.constant(types),
      values: fc.tuple(...types.map((type) => VALUES[type]!)),
    }),
  );

/** Bytes as hex, the form in which ethers and viem take and give them. */
function asHex(value: unknown): unknown {
  if (value instanceof Uint8Array) return toHex(value);
  return Array.isArray(value) ? value.map(asHex) : value;
}

describe("abi/abiFunction", () => {
  it("encodes and decodes exactly as ethers does, for every type", () => {
    fc.assert(
      fc.property(parameters, ({ types, values }) => {
        const ours = abiFunction(`function f(${types.join(", ")}) returns (${types.join(", ")})`);
        const theirs = new Interface([
          `function f(${types.join(",")}) returns (${types.join(",")})`,
        ]);
        const callData = ours.encodeInput(...values);
        expect(toHex(callData)).to.equal(theirs.encodeFunctionData("f", values.map(asHex)));
        expect(ours.decodeInput(callData)).to.deep.equal(values);
        const output = ours.encodeOutput(...values);
        expect(toHex(output)).to.equal(theirs.encodeFunctionResult("f", values.map(asHex)));
        expect(ours.decodeOutput(output)).to.deep.equal(values);
      }),
      { numRuns: 300 },
    );
  });

  it("encodes and decodes exactly as viem does, for every type", () => {
    fc.assert(
      fc.property(parameters, ({ types, values }) => {
        const ours = abiFunction(`f(${types.join(",")}) returns (${types.join(",")})`);
        const abi = parseAbiParameters(types.join(","));
        // viem takes small integers as numbers
        const theirValues = values.map((value, index) =>
          types[index] === "uint8" ? Number(value) : asHex(value),
        );
        const encoded = encodeAbiParameters(abi, theirValues);
        expect(toHex(ours.encodeOutput(...values))).to.equal(encoded);
        expect(ours.decodeOutput(fromHex(encoded))).to.deep.equal(values);
        expect(decodeAbiParameters(abi, encoded)).to.have.length(values.length);
      }),
      { numRuns: 300 },
    );
  });

  it("knows the selectors that the standards print", () => {
    const selectors: Record<string, string> = {
      "function resolve(bytes name, bytes data) view returns (bytes)": "0x9061b923",
      "function supportsInterface(bytes4 id) view returns (bool)": "0x01ffc9a7",
      "function multicall(bytes[] calls) returns (bytes[])": "0xac9650d8",
      "function addr(bytes32 node) view returns (address)": "0x3b3b57de",
      "function addr(bytes32 node, uint256 coinType) view returns (bytes)": "0xf1cb7e06",
      "function text(bytes32 node, string key) view returns (string)": "0x59d1d43c",
      "function contenthash(bytes32 node) view returns (bytes)": "0xbc1c58d1",
      "error OffchainLookup(address sender, string[] urls, bytes callData, bytes4 callbackFunction, bytes extraData)":
        "0x556f1830",
      "error UnsupportedResolverProfile(bytes4 selector)": "0x7b1c461b",
      "function f() returns ()": hexlify(
        new Interface(["function f()"]).getFunction("f")!.selector,
      ),
    };
    for (const [type, selector] of Object.entries(selectors)) {
      expect(abiFunction(type).selector, type).to.equal(selector);
    }
  });

  it("takes `uint` for uint256, as Solidity does", () => {
    expect(abiFunction("function f(uint x)").signature).to.equal("f(uint256)");
  });

  it("accepts what the EVM's decoders accept: any order of the tails, no padding at the end", () => {
    const two = abiFunction<[Uint8Array, Uint8Array], []>("function f(bytes a, bytes b)");
    const word = (value: number) =>
      toHex(new Uint8Array([value]))
        .slice(2)
        .padStart(64, "0");
    const reordered = `${two.selector}${word(0x80)}${word(0x40)}${word(1)}bb${"00".repeat(31)}${word(1)}aa`;
    expect(two.decodeInput(fromHex(reordered)).map(toHex)).to.deep.equal(["0xaa", "0xbb"]);
  });

  describe("refuses", () => {
    const malformed = (type: string, words: string[], sentence: RegExp) => {
      const decoder = abiFunction(type);
      const data = fromHex(`0x${words.map((word) => word.padStart(64, "0")).join("")}`);
      expectError(() => decoder.decodeOutput(data), "INVALID_CALL_DATA", sentence);
    };

    it("an offset past the end", () => {
      malformed("f() returns (bytes)", ["40"], /only 32 bytes came/);
    });
    it("an offset that no data can reach", () => {
      malformed("f() returns (bytes)", ["f".repeat(64)], /offset or length at position 0/);
    });
    it("a length past the end", () => {
      malformed("f() returns (bytes)", ["20", "21", "0"], /33 bytes expected at position 64/);
    });
    it("a length of 2^32", () => {
      malformed("f() returns (bytes)", ["20", "100000000"], /offset or length at position 32/);
    });
    it("a list that claims more items than there are words", () => {
      malformed("f() returns (uint256[])", ["20", "3", "1", "2"], /claims 3 items/);
    });
    it("an address with more than 20 bytes", () => {
      malformed(
        "f() returns (address)",
        ["1" + "0".repeat(40)],
        /address at position 0 is not padded/,
      );
    });
    it("short bytes with more behind them", () => {
      malformed(
        "f() returns (bytes4)",
        ["00000000" + "01".padEnd(56, "0")],
        /bytes4 at position 0/,
      );
    });
    it("a boolean that is neither", () => {
      malformed("f() returns (bool)", ["2"], /neither 0 nor 1/);
    });
    it("a number of too many bits", () => {
      malformed("f() returns (uint64)", ["10000000000000000"], /larger than 64 bits/);
    });
    it("a string that is not UTF-8", () => {
      malformed("f() returns (string)", ["20", "1", "ff" + "0".repeat(62)], /not valid UTF-8/);
    });
    it("another function's call data", () => {
      const addr = abiFunction("function addr(bytes32 node)");
      const other = `0x59d1d43c${"0".repeat(64)}` as const;
      expectError(
        () => addr.decodeInput(fromHex(other)),
        "INVALID_CALL_DATA",
        /selector of addr\(bytes32\)/,
      );
    });
    it("call data without a whole selector", () => {
      expectError(
        () => selectorOf(fromHex("0x3b3b57")),
        "INVALID_CALL_DATA",
        /shorter than a function selector/,
      );
    });
    it("types that it does not know, and values of the wrong type: our own defects", () => {
      for (const type of [
        "int256",
        "uint7",
        "bytes33",
        "uint264",
        "bytes0",
        "tuple",
        "(uint256,address)",
        "uint256[2]",
      ]) {
        expectError(
          () => abiFunction(`function f(${type} x)`),
          "INTERNAL",
          /not supported|Not an ABI/,
        );
      }
      const take = (type: string): AbiFunction<[unknown], []> => abiFunction(`function f(${type})`);
      for (const [type, value] of [
        ["bytes", "0x00"],
        ["string", 1],
        ["bool", 1],
        ["uint8", 256n],
        ["uint256", -1n],
        ["address", new Uint8Array(19)],
        ["bytes4", new Uint8Array(5)],
        ["bytes[]", new Uint8Array(1)],
      ] as const) {
        expectError(() => take(type).encodeInput(value), "INTERNAL", /not of the ABI type/);
      }
    });
  });

  it("never fails on random bytes with anything but INVALID_CALL_DATA", () => {
    const decoder = abiFunction("f() returns (bytes, string, bytes[], address, uint64)");
    fc.assert(
      fc.property(bytes(600), (data) => {
        try {
          decoder.decodeOutput(data);
        } catch (error) {
          expect(error).to.have.property("code", "INVALID_CALL_DATA");
        }
      }),
      { numRuns: 500 },
    );
  });
});
