/** What we answer is what ethers and viem read, for any records and any question about them. */
import { expect } from "chai";
import { Interface } from "ethers";
import fc from "fast-check";
import {
  type Abi,
  type AbiFunction,
  decodeFunctionResult,
  encodeFunctionData,
  parseAbi,
} from "viem";
import { fromHex, type Hex, toHex } from "../../src/abi/hex.js";
import { addressFrom } from "../../src/ens/address.js";
import { decodeRecordQuery } from "../../src/ens/recordQuery.js";
import { ABI_CONTENT_TYPES, type NameRecords } from "../../src/ens/records.js";

const NODE = `0x${"ab".repeat(32)}` as const;

// few keys, so that what is asked is often there
const EVM_COIN_TYPES = [60n, 0x8000_0000n, 0x8000_000an];
const OTHER_COIN_TYPES = [0n, 0x7fff_ffffn, 0x1_0000_0000n];
const KEYS = ["avatar", "", "ключ", "__proto__"];
const INTERFACE_IDS: Hex[] = ["0x01ffc9a7", "0x00000000", "0xffffffff"];

const bytes = fc.uint8Array({ maxLength: 100 });
const exactly = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
const unicode = fc.string({ unit: "grapheme", maxLength: 60 });
const mapOf = <Key, Value>(keys: readonly Key[], value: fc.Arbitrary<Value>) =>
  fc.array(fc.tuple(fc.constantFrom(...keys), value)).map((entries) => new Map(entries));

const anyRecords: fc.Arbitrary<NameRecords> = fc.record({
  addresses: fc
    .tuple(mapOf(EVM_COIN_TYPES, exactly(20)), mapOf(OTHER_COIN_TYPES, bytes))
    .map(([evm, others]) => new Map([...evm, ...others])),
  texts: mapOf(KEYS, unicode),
  contenthash: fc.option(bytes),
  nameRecord: fc.option(unicode),
  pubkey: fc.option(fc.record({ x: exactly(32), y: exactly(32) })),
  abis: mapOf(ABI_CONTENT_TYPES, bytes),
  data: mapOf(KEYS, bytes),
  interfaces: mapOf(INTERFACE_IDS, exactly(20).map(addressFrom)),
});

const anyCoinType = fc.constantFrom(
  ...EVM_COIN_TYPES,
  ...OTHER_COIN_TYPES,
  0x8000_0001n,
  2n ** 256n - 1n,
);
const anyKey = fc.constantFrom(...KEYS, "other");
const anyInterfaceId = fc.constantFrom<Hex>(...INTERFACE_IDS, "0x12345678");
const anyContentTypes = fc.oneof(fc.bigInt(0n, 31n), fc.bigInt(0n, 2n ** 256n - 1n));

const hex = (value: Uint8Array | null | undefined) => toHex(value ?? new Uint8Array(0));
const orZeros = (value: Hex, length: number) =>
  value === "0x" ? toHex(new Uint8Array(length)) : value;

/** ENSIP-19, in other words than ours. */
function addressOf({ addresses }: NameRecords, coinType: bigint): Hex {
  const isEvm = coinType === 60n || coinType >> 31n === 1n;
  return hex(addresses.get(coinType) ?? (isEvm ? addresses.get(2n ** 31n) : null));
}

function lowestAbi({ abis }: NameRecords, contentTypes: bigint): [bigint, Hex] {
  const accepted = [...abis].filter(([type]) => (type & contentTypes) !== 0n);
  const [lowest] = accepted.sort(([a], [b]) => Number(a - b));
  return lowest ? [lowest[0], hex(lowest[1])] : [0n, "0x"];
}

interface Question {
  readonly signature: string;
  readonly args: unknown[];
  /** The answer by the standards, in the form that clients give it. */
  expected(records: NameRecords): unknown[];
}

function ask<Argument = undefined>(
  signature: string,
  argument: fc.Arbitrary<Argument>,
  expected: (records: NameRecords, argument: Argument) => unknown[],
): fc.Arbitrary<Question> {
  return argument.map((value) => ({
    signature: `function ${signature}`,
    args: value === undefined ? [NODE] : [NODE, value],
    expected: (records) => expected(records, value),
  }));
}

const nothing = fc.constant(undefined);

const anyQuestion = fc.oneof(
  ask("addr(bytes32) view returns (address)", nothing, (of) => [orZeros(addressOf(of, 60n), 20)]),
  ask("addr(bytes32, uint256) view returns (bytes)", anyCoinType, (of, type) => [
    addressOf(of, type),
  ]),
  ask("hasAddr(bytes32, uint256) view returns (bool)", anyCoinType, (of, type) => [
    addressOf(of, type) !== "0x",
  ]),
  ask("text(bytes32, string) view returns (string)", anyKey, (of, key) => [
    of.texts.get(key) ?? "",
  ]),
  ask("contenthash(bytes32) view returns (bytes)", nothing, (of) => [hex(of.contenthash)]),
  ask("name(bytes32) view returns (string)", nothing, (of) => [of.nameRecord ?? ""]),
  ask("pubkey(bytes32) view returns (bytes32, bytes32)", nothing, ({ pubkey }) => [
    orZeros(hex(pubkey?.x), 32),
    orZeros(hex(pubkey?.y), 32),
  ]),
  ask("ABI(bytes32, uint256) view returns (uint256, bytes)", anyContentTypes, lowestAbi),
  ask("data(bytes32, string) view returns (bytes)", anyKey, (of, key) => [hex(of.data.get(key))]),
  ask("supportedDataKeys(bytes32) view returns (string[])", nothing, (of) => [[...of.data.keys()]]),
  ask("interfaceImplementer(bytes32, bytes4) view returns (address)", anyInterfaceId, (of, id) => [
    orZeros(hex(of.interfaces.get(id)), 20),
  ]),
);

interface Client {
  /** The call data of a question. */
  readonly encode: (question: Question) => Hex;
  /** The values of an answer to it. */
  readonly decode: (question: Question, answer: Hex) => unknown[];
}

const CLIENTS: Record<string, Client> = {
  ethers: {
    encode: ({ signature, args }) => {
      const resolver = new Interface([signature]);
      return resolver.encodeFunctionData(onlyFunction(resolver), args) as Hex;
    },
    decode: ({ signature }, answer) => {
      const resolver = new Interface([signature]);
      return resolver
        .decodeFunctionResult(onlyFunction(resolver), answer)
        .toArray(true) as unknown[];
    },
  },
  viem: {
    encode: ({ signature, args }) => encodeFunctionData({ abi: abiOf(signature), args }),
    decode: ({ signature }, answer) => {
      const abi = abiOf(signature);
      const [{ outputs }] = abi as [AbiFunction];
      const decoded = decodeFunctionResult({ abi, data: answer });
      // viem gives a single value bare
      return outputs.length > 1 ? (decoded as unknown[]) : [decoded];
    },
  },
};

const abiOf = (signature: string): Abi => parseAbi([signature]) as Abi;

function onlyFunction(resolver: Interface) {
  return resolver.getFunction(resolver.fragments[0]!.format())!;
}

/** Addresses come with a checksum. */
const lowerCase = (values: unknown[]) =>
  values.map((value) =>
    /^0x[0-9a-fA-F]{40}$/.test(String(value)) ? String(value).toLowerCase() : value,
  );

describe("Record answers, read by clients that we did not write", () => {
  for (const [client, { encode, decode }] of Object.entries(CLIENTS)) {
    it(`are what the standards say, for ${client}`, () => {
      fc.assert(
        fc.property(anyRecords, anyQuestion, (records, question) => {
          const query = decodeRecordQuery(fromHex(encode(question)));
          expect(query.nodes.map(toHex)).to.deep.equal([NODE]);
          const read = decode(question, toHex(query.answer(records)));
          expect(lowerCase(read)).to.deep.equal(lowerCase(question.expected(records)));
        }),
        { seed: 0x5191705, numRuns: 1500 },
      );
    });

    it(`are the same one by one and in a multicall, for ${client}`, () => {
      const signature = "function multicall(bytes[]) view returns (bytes[])";
      const questions = fc.array(anyQuestion, { maxLength: 12 });
      fc.assert(
        fc.property(anyRecords, questions, (records, all) => {
          const calls = all.map(encode);
          const multicall = { signature, args: [calls], expected: () => [] };
          const query = decodeRecordQuery(fromHex(encode(multicall)));
          const [results] = decode(multicall, toHex(query.answer(records)));
          const alone = calls.map((call) =>
            toHex(decodeRecordQuery(fromHex(call)).answer(records)),
          );
          expect(results).to.deep.equal(alone);
        }),
        { seed: 0x5191705, numRuns: 200 },
      );
    });
  }
});
