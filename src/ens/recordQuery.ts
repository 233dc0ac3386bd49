/**
 * What a resolver is asked about a name, and how each record is answered. This table is the list of records
 * that we serve.
 *
 * An absent record has a form of its own for every function (zero address, empty string, empty bytes), never
 * no bytes at all: clients take those for a broken resolver. What we do not know is answered by the error
 * `UnsupportedResolverProfile`, signed like any answer.
 */
import { type AbiFunction, selectorOf } from "../abi/abiFunction.js";
import { fromHex, type Hex } from "../abi/hex.js";
import { malformed } from "../abi/word.js";
import { COIN_TYPE_DEFAULT_EVM, COIN_TYPE_ETH, isEvmCoinType } from "./coinType.js";
import type { NameRecords } from "./records.js";
import {
  addr,
  addrOfCoin,
  contenthash,
  multicall,
  text,
  unsupportedResolverProfile,
} from "./resolverFunctions.js";

export interface RecordQuery {
  /** Every node that the call names; all must be the asked name's. */
  readonly nodes: readonly Uint8Array[];
  /** The ABI-encoded result, or the ABI-encoded error (4 bytes longer than whole words). */
  answer(records: NameRecords): Uint8Array;
}

/**
 * A multicall of all records that a client shows at once has about 10 items; 64 leaves room, and keeps the
 * work of one request (64 map look-ups, one encoding) below that of its one signature.
 */
const MOST_ITEMS = 64;

/**
 * A request of 2 KiB can ask for the longest record 64 times. Clients read 1 MiB (ours) to 10 MiB (viem) of
 * hexadecimal JSON, and every byte is hashed and encoded: 256 KiB is more than any real name has.
 */
const LONGEST_RESULTS = 256 * 1024;

const NO_ADDRESS = new Uint8Array(20);
const NO_BYTES = new Uint8Array(0);

const RECORD_FUNCTIONS = new Map<Hex, (call: Uint8Array) => RecordQuery>([
  record(addr, (records) => [addressOf(records, COIN_TYPE_ETH) ?? NO_ADDRESS]),
  record(addrOfCoin, (records, coinType) => [addressOf(records, coinType) ?? NO_BYTES]),
  record(text, (records, key) => [records.texts.get(key) ?? ""]),
  record(contenthash, (records) => [records.contenthash ?? NO_BYTES]),
]);

/**
 * Reads the inner call of ENSIP-10's `resolve`. Throws INVALID_CALL_DATA when it cannot be decoded or has too
 * many items.
 */
export function decodeRecordQuery(call: Uint8Array): RecordQuery {
  return selectorOf(call) === multicall.selector ? decodeMulticall(call) : decodeItem(call);
}

function decodeMulticall(call: Uint8Array): RecordQuery {
  const [calls] = multicall.decodeInput(call);
  if (calls.length > MOST_ITEMS) {
    throw malformed(`a multicall has ${calls.length} items; send ${MOST_ITEMS} at most.`);
  }
  // A multicall inside a multicall is one more unknown function: no client sends it.
  const items = calls.map(decodeItem);
  return {
    nodes: items.flatMap((item) => item.nodes),
    answer: (records) => encodeResults(items.map((item) => item.answer(records))),
  };
}

function encodeResults(results: Uint8Array[]): Uint8Array {
  const length = results.reduce((sum, result) => sum + result.length, 0);
  if (length > LONGEST_RESULTS) {
    throw malformed(`the answer would have ${length} bytes; ask for fewer records at once.`);
  }
  return multicall.encodeOutput(results);
}

function decodeItem(call: Uint8Array): RecordQuery {
  const selector = selectorOf(call);
  const decode = RECORD_FUNCTIONS.get(selector);
  if (decode) return decode(call);
  return { nodes: [], answer: () => unsupportedResolverProfile.encodeInput(fromHex(selector)) };
}

function record<Args extends unknown[], Out extends readonly unknown[]>(
  recordFunction: AbiFunction<[node: Uint8Array, ...Args], Out>,
  answer: (records: NameRecords, ...args: Args) => Out,
): [Hex, (call: Uint8Array) => RecordQuery] {
  const decode = (call: Uint8Array): RecordQuery => {
    const [node, ...args] = recordFunction.decodeInput(call);
    return {
      nodes: [node],
      answer: (records) => recordFunction.encodeOutput(...answer(records, ...args)),
    };
  };
  return [recordFunction.selector, decode];
}

/** ENSIP-19: an EVM chain without an address of its own has the default one. */
function addressOf(records: NameRecords, coinType: bigint): Uint8Array | undefined {
  const own = records.addresses.get(coinType);
  if (own || !isEvmCoinType(coinType)) return own;
  return records.addresses.get(COIN_TYPE_DEFAULT_EVM);
}
