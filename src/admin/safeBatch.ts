/**
 * A change as a file for Safe's transaction builder (version 1.0 of its batch files), so that the owners of a
 * multisig can look at it, sign it and send it.
 */
import { keccak256, toUtf8Bytes } from "ethers";
import {
  type ContractMethod,
  refused,
  type UnsentTransaction,
} from "../chain/unsentTransaction.js";
import { type Change, transactionsOf } from "./change.js";

export interface SafeBatch {
  readonly version: "1.0";
  /** Decimal. */
  readonly chainId: string;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  readonly meta: {
    readonly name: string;
    readonly description: string;
    readonly createdFromSafeAddress: string;
    readonly createdFromOwnerAddress: string;
    /** The builder warns of a file that was modified when this does not match. */
    readonly checksum: string;
  };
  readonly transactions: readonly SafeTransaction[];
}

interface SafeTransaction {
  readonly to: string;
  /** Wei, decimal. */
  readonly value: string;
  readonly data: string;
  readonly contractMethod: SafeMethod | null;
  readonly contractInputsValues: Readonly<Record<string, string>> | null;
}

interface SafeMethod {
  readonly inputs: readonly { internalType: string; name: string; type: string }[];
  readonly name: string;
  readonly payable: boolean;
}

/** @param createdAtMs milliseconds since 1970 */
export function safeBatch(change: Change, chainId: bigint, createdAtMs: number): SafeBatch {
  const batch = {
    version: "1.0" as const,
    chainId: chainId.toString(),
    createdAt: createdAtMs,
    meta: {
      name: change.title,
      description: change.notes.join(" "),
      createdFromSafeAddress: change.sender,
      createdFromOwnerAddress: "",
    },
    transactions: transactionsOf(change).map(safeTransaction),
  };
  return { ...batch, meta: { ...batch.meta, checksum: batchChecksum(batch) } };
}

/** `data` is what will be sent; method and values are beside it so that a reader can compare. */
function safeTransaction({ to, value, data, method }: UnsentTransaction): SafeTransaction {
  if (to === null) {
    throw refused(
      "a multisig cannot create a contract directly; deploy with CREATE2 (without --create).",
    );
  }
  return {
    to,
    value: value.toString(),
    data,
    contractMethod: method === null ? null : safeMethod(method),
    contractInputsValues:
      method === null
        ? null
        : Object.fromEntries(method.inputs.map(({ name, value: text }) => [name, text])),
  };
}

function safeMethod({ name, payable, inputs }: ContractMethod): SafeMethod {
  return {
    name,
    payable,
    inputs: inputs.map((input) => ({
      internalType: input.type,
      name: input.name,
      type: input.type,
    })),
  };
}

/**
 * The checksum of a batch file without one: keccak256 of its own serialisation, in which the file may be renamed
 * (`meta.name` counts as null) and reformatted.
 */
export function batchChecksum(batch: { readonly meta: object }): string {
  const nameless = { ...batch, meta: { ...batch.meta, name: null } };
  return keccak256(toUtf8Bytes(serialise(nameless)));
}

/** `{["key","key"]value,value,}` with sorted keys, and `[value,value]`: not JSON, but what the builder hashes. */
function serialise(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(serialise).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  const keys = JSON.stringify(entries.map(([key]) => key));
  return `{${keys}${entries.map(([, item]) => `${serialise(item)},`).join("")}}`;
}
