/** From a resolver's call data to the records that it would write: one node, and changes in their order. */
import { type AbiFunction, selectorOf } from "../../abi/abiFunction.js";
import { sameBytes } from "../../abi/bytes.js";
import type { Address } from "../../ens/address.js";
import { COIN_TYPE_ETH } from "../../ens/coinType.js";
import type { Node } from "../../ens/namehash.js";
import * as functions from "../../ens/writeFunctions.js";
import { SignpostError } from "../../errors.js";

/** An empty value takes the record away, as in the contracts that clients know. */
export type RecordChange =
  | { readonly kind: "text"; readonly key: string; readonly value: string }
  | { readonly kind: "address"; readonly coinType: bigint; readonly address: Uint8Array }
  | { readonly kind: "contenthash"; readonly contenthash: Uint8Array }
  | { readonly kind: "name"; readonly name: string }
  | { readonly kind: "pubkey"; readonly x: Uint8Array; readonly y: Uint8Array }
  | { readonly kind: "abi"; readonly contentType: bigint; readonly abi: Uint8Array }
  | { readonly kind: "data"; readonly key: string; readonly data: Uint8Array }
  | { readonly kind: "interface"; readonly id: Uint8Array; readonly implementer: Address }
  | { readonly kind: "clear" };

export interface RecordWrite {
  readonly node: Node;
  readonly changes: readonly RecordChange[];
  /** What the function would return on a chain, ABI-encoded. */
  readonly returned: Uint8Array;
}

const MOST_CALLS = 64;
const NOTHING = new Uint8Array();

interface Single {
  readonly node: Node;
  readonly change: RecordChange;
}

const singles: ReadonlyMap<string, (callData: Uint8Array) => Single> = new Map([
  single(functions.setText, (key, value) => ({ kind: "text", key, value })),
  single(functions.setAddr, (address) => ({ kind: "address", coinType: COIN_TYPE_ETH, address })),
  single(functions.setAddrOfCoin, (coinType, address) => ({ kind: "address", coinType, address })),
  single(functions.setContenthash, (contenthash) => ({ kind: "contenthash", contenthash })),
  single(functions.setName, (name) => ({ kind: "name", name })),
  single(functions.setPubkey, (x, y) => ({ kind: "pubkey", x, y })),
  single(functions.setAbi, (contentType, abi) => ({ kind: "abi", contentType, abi })),
  single(functions.setData, (key, data) => ({ kind: "data", key, data })),
  single(functions.setInterface, (id, implementer) => ({ kind: "interface", id, implementer })),
  single(functions.clearRecords, () => ({ kind: "clear" })),
]);

/**
 * Throws INVALID_CALL_DATA for what is malformed, FUNCTION_NOT_SUPPORTED, and INVALID_REQUEST for a multicall that is
 * empty, too long, or about several names.
 */
export function parseRecordWrite(callData: Uint8Array): RecordWrite {
  switch (selectorOf(callData)) {
    case functions.multicall.selector: {
      const [calls] = functions.multicall.decodeInput(callData);
      return several(calls, null, functions.multicall);
    }
    case functions.multicallWithNodeCheck.selector: {
      const [node, calls] = functions.multicallWithNodeCheck.decodeInput(callData);
      return several(calls, node, functions.multicallWithNodeCheck);
    }
    default: {
      const { node, change } = parseSingle(callData);
      return { node, changes: [change], returned: NOTHING };
    }
  }
}

function several(
  calls: readonly Uint8Array[],
  checked: Node | null,
  { encodeOutput }: Pick<typeof functions.multicall, "encodeOutput">,
): RecordWrite {
  if (calls.length > MOST_CALLS) throw wrongCalls(`has at most ${MOST_CALLS} calls`);
  const parsed = calls.map(parseSingle);
  const node = checked ?? parsed[0]?.node;
  if (node === undefined || parsed.length === 0) throw wrongCalls("has at least one call");
  if (!parsed.every((one) => sameBytes(one.node, node))) {
    throw wrongCalls("is about one name; send one for each name");
  }
  return {
    node,
    changes: parsed.map(({ change }) => change),
    returned: encodeOutput(parsed.map(() => NOTHING)),
  };
}

function parseSingle(callData: Uint8Array): Single {
  const selector = selectorOf(callData);
  const parse = singles.get(selector);
  if (parse) return parse(callData);
  throw new SignpostError(
    "FUNCTION_NOT_SUPPORTED",
    `The function with the selector ${selector} is not supported here. docs/api.md lists the functions that write records.`,
    { selector, supported: [...singles.keys()] },
  );
}

function single<Rest extends readonly unknown[]>(
  {
    selector,
    decodeInput,
  }: Pick<AbiFunction<readonly [Node, ...Rest], []>, "selector" | "decodeInput">,
  changeOf: (...rest: Rest) => RecordChange,
): [string, (callData: Uint8Array) => Single] {
  return [
    selector,
    (callData) => {
      const [node, ...rest] = decodeInput(callData);
      return { node, change: changeOf(...(rest as unknown as Rest)) };
    },
  ];
}

function wrongCalls(rule: string): SignpostError {
  return new SignpostError("INVALID_REQUEST", `A multicall of records ${rule}.`);
}
