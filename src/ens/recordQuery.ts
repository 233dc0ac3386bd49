/**
 * What a resolver is asked about a name, and how each record is answered. This table is the list of records
 * that we serve.
 *
 * An absent record has a form of its own for every function (zero address, empty string, empty bytes), never
 * no bytes at all: clients take those for a broken resolver. What we do not know is answered by the error
 * `UnsupportedResolverProfile`, signed like any answer.
 */
import { type AbiFunction, selectorOf } from "../abi/abiFunction.js";
import { fromHex, type Hex, toHex } from "../abi/hex.js";
import { isZero, malformed } from "../abi/word.js";
import { type Address, addressFrom, ZERO_ADDRESS } from "./address.js";
import {
  boundedResults,
  fittingResults,
  type MeasuredResult,
  MOST_RESULTS,
} from "./boundedResults.js";
import { COIN_TYPE_DEFAULT_EVM, COIN_TYPE_ETH, isEvmCoinType } from "./coinType.js";
import type { Node } from "./namehash.js";
import { ABI_CONTENT_TYPES, type NameRecords } from "./records.js";
import {
  abi,
  addr,
  addrOfCoin,
  contenthash,
  data,
  hasAddr,
  interfaceImplementer,
  multicall,
  name,
  pubkey,
  supportedDataKeys,
  text,
  unsupportedResolverProfile,
} from "./resolverFunctions.js";

export interface RecordQuery {
  /** Every node that the call names; all must be the asked name's. */
  readonly nodes: readonly Node[];
  /** Name of the function, without its arguments; `unknown` for one that we do not know. */
  readonly functionName: string;
  /** The ABI-encoded result, or the ABI-encoded error (4 bytes longer than whole words). */
  answer(records: NameRecords): Uint8Array;
}

const NO_BYTES = new Uint8Array(0);
const NO_COORDINATE = new Uint8Array(32);

const RECORD_FUNCTIONS = new Map<Hex, (call: Uint8Array) => ItemQuery>([
  record(addr, (records) => [ethAddressOf(records)]),
  record(addrOfCoin, (records, coinType) => [addressOf(records, coinType) ?? NO_BYTES]),
  record(hasAddr, (records, coinType) => [hasAddress(records, coinType)]),
  record(text, (records, key) => [records.texts.get(key) ?? ""]),
  record(contenthash, (records) => [records.contenthash ?? NO_BYTES]),
  record(name, (records) => [records.nameRecord ?? ""]),
  record(pubkey, ({ pubkey: key }) => [key?.x ?? NO_COORDINATE, key?.y ?? NO_COORDINATE]),
  record(abi, abiOf),
  record(data, (records, key) => [records.data.get(key) ?? NO_BYTES]),
  record(supportedDataKeys, (records) => [[...records.data.keys()]]),
  record(interfaceImplementer, (records, id) => [
    records.interfaces.get(toHex(id)) ?? ZERO_ADDRESS,
  ]),
]);

/** One record, or what stands for it where it cannot be answered. */
interface ItemQuery extends RecordQuery {
  measure(records: NameRecords): MeasuredResult;
}

/**
 * Reads the inner call of ENSIP-10's `resolve`. Throws INVALID_CALL_DATA when it cannot be decoded or has too
 * many items.
 */
export function decodeRecordQuery(call: Uint8Array): RecordQuery {
  return selectorOf(call) === multicall.selector ? decodeMulticall(call) : decodeItem(call);
}

/** As many items as a body can hold (ccipBody.ts): more are there only where items share their bytes. */
function decodeMulticall(call: Uint8Array): RecordQuery {
  const [calls] = multicall.decodeInput(call);
  if (calls.length > MOST_RESULTS) {
    throw malformed(`a multicall has ${calls.length} items; send ${MOST_RESULTS} at most.`);
  }
  const items = eachOnce(calls);
  return {
    nodes: items.flatMap((item) => item.nodes),
    functionName: "multicall",
    answer: (records) =>
      multicall.encodeOutput(
        fittingResults(items, (item) => item.answer(records)) ?? answerBounded(items, records),
      ),
  };
}

/** Items that share their bytes are one query. A multicall inside is one more unknown function: no client sends it. */
function eachOnce(calls: readonly Uint8Array[]): readonly ItemQuery[] {
  const queries = new Map<number, ItemQuery>();
  return calls.map((call) => {
    const query = queries.get(call.byteOffset) ?? decodeItem(call);
    queries.set(call.byteOffset, query);
    return query;
  });
}

function answerBounded(items: readonly ItemQuery[], records: NameRecords): Uint8Array[] {
  const measured = new Map<ItemQuery, MeasuredResult>();
  const results = items.map((item) => {
    const result = measured.get(item) ?? item.measure(records);
    measured.set(item, result);
    return result;
  });
  return boundedResults(results);
}

function decodeItem(call: Uint8Array): ItemQuery {
  const selector = selectorOf(call);
  const decode = RECORD_FUNCTIONS.get(selector);
  if (decode) return decode(call);
  const unsupported = unsupportedResolverProfile.encodeInput(fromHex(selector));
  return {
    nodes: [],
    functionName: "unknown",
    answer: () => unsupported,
    measure: () => ({ size: unsupported.length, encode: () => unsupported }),
  };
}

function record<Args extends unknown[], Out extends readonly unknown[]>(
  recordFunction: AbiFunction<[node: Node, ...Args], Out>,
  answer: (records: NameRecords, ...args: Args) => Out,
): [Hex, (call: Uint8Array) => ItemQuery] {
  const functionName = recordFunction.signature.slice(0, recordFunction.signature.indexOf("("));
  const decode = (call: Uint8Array): ItemQuery => {
    const [node, ...args] = recordFunction.decodeInput(call);
    return {
      nodes: [node],
      functionName,
      answer: (records) => recordFunction.encodeOutput(...answer(records, ...args)),
      measure: (records) => {
        const values = answer(records, ...args);
        return {
          size: recordFunction.outputSize(...values),
          encode: () => recordFunction.encodeOutput(...values),
        };
      },
    };
  };
  return [recordFunction.selector, decode];
}

/** True exactly when `addr(node, coinType)` has something to say, the default of ENSIP-19 included. */
function hasAddress(records: NameRecords, coinType: bigint): boolean {
  return (addressOf(records, coinType) ?? NO_BYTES).length > 0;
}

/** The lowest encoding that the caller accepts and the name has (ENSIP-4). */
function abiOf({ abis }: NameRecords, contentTypes: bigint): [bigint, Uint8Array] {
  for (const contentType of ABI_CONTENT_TYPES) {
    const encoded = abis.get(contentType);
    if (encoded && (contentType & contentTypes) !== 0n) return [contentType, encoded];
  }
  return [0n, NO_BYTES];
}

/**
 * ENSIP-19: an EVM chain without an address of its own has the default one. A zero address, which earlier versions took, is
 * answered as none, also by default: clients would show it as an address to pay to.
 */
function addressOf({ addresses }: NameRecords, coinType: bigint): Uint8Array | undefined {
  if (!isEvmCoinType(coinType)) return addresses.get(coinType);
  const address = addresses.get(coinType) ?? addresses.get(COIN_TYPE_DEFAULT_EVM);
  return address && isZero(address) ? undefined : address;
}

function ethAddressOf(records: NameRecords): Address {
  const address = addressOf(records, COIN_TYPE_ETH);
  return address ? addressFrom(address) : ZERO_ADDRESS;
}
