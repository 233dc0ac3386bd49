/** A transaction before it is sent, and what a person (or a multisig's interface) reads of it. */
import type { Interface } from "ethers";
import { SignpostError } from "../errors.js";

export interface UnsentTransaction {
  /** Checksummed address; null creates a contract. */
  readonly to: string | null;
  /** In wei. */
  readonly value: bigint;
  /** 0x hex. */
  readonly data: string;
  /** Null where `data` is not the call of a function, as in a deployment. */
  readonly method: ContractMethod | null;
}

export interface ContractMethod {
  readonly name: string;
  readonly payable: boolean;
  readonly inputs: readonly {
    readonly name: string;
    readonly type: string;
    /** Text as block explorers and multisig interfaces take it; lists as JSON. */
    readonly value: string;
  }[];
}

/** `to.name(...values)`. Throws INTERNAL when `contract` has no such function. */
export function unsentTransaction(
  contract: Interface,
  to: string,
  name: string,
  values: readonly unknown[],
): UnsentTransaction {
  const fragment = contract.getFunction(name);
  if (fragment === null)
    throw new SignpostError("INTERNAL", `The interface has no function ${name}.`);
  return {
    to,
    value: 0n,
    data: contract.encodeFunctionData(fragment, values),
    method: {
      name: fragment.name,
      payable: fragment.payable,
      inputs: fragment.inputs.map((input, index) => ({
        name: input.name,
        type: input.type,
        value: inputText(values[index]),
      })),
    },
  };
}

/** Says that the transaction would fail, before anything is sent. */
export function refused(sentence: string, details: Record<string, unknown> = {}): SignpostError {
  return new SignpostError("TRANSACTION_REFUSED", `Nothing was sent: ${sentence}`, details);
}

function inputText(value: unknown): string {
  return Array.isArray(value) ? JSON.stringify(value.map(inputText)) : String(value);
}
