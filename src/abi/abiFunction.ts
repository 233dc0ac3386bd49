/**
 * One function, or typed error, of a contract, from its human-readable type:
 *
 *   const text = abiFunction<[node: Uint8Array, key: string], [value: string]>(
 *     "function text(bytes32 node, string key) view returns (string)",
 *   );
 *   text.encodeInput(node, "avatar");   // call data: selector and arguments
 *   text.decodeOutput(returned);        // ["ipfs://..."]
 *
 * The type is read once; after that encoding and decoding touch bytes only.
 */
import { SignpostError } from "../errors.js";
import type { AbiType } from "./abiType.js";
import { type Hex, toHex } from "./hex.js";
import { keccak256 } from "./keccak256.js";
import { typesIn } from "./typeByName.js";
import { decodeValues, sizeOfValues, writeValues } from "./values.js";
import { malformed } from "./word.js";

export interface AbiFunction<In extends readonly unknown[], Out extends readonly unknown[]> {
  /** Canonical form, e.g. `text(bytes32,string)`. */
  readonly signature: string;
  /** First four bytes of the signature's keccak256. */
  readonly selector: Hex;
  /** How many bytes `encodeInput` gives for these arguments. */
  inputSize(...args: In): number;
  /** Selector and arguments. */
  encodeInput(...args: In): Uint8Array;
  /** Throws INVALID_CALL_DATA when the selector is another one or the arguments are malformed. */
  decodeInput(callData: Uint8Array): In;
  /** How many bytes `encodeOutput` gives for these values. */
  outputSize(...values: Out): number;
  /** What the function returns, without selector. */
  encodeOutput(...values: Out): Uint8Array;
  /** Throws INVALID_CALL_DATA. */
  decodeOutput(data: Uint8Array): Out;
}

const SELECTOR_LENGTH = 4;

export function abiFunction<
  In extends readonly unknown[] = readonly unknown[],
  Out extends readonly unknown[] = readonly unknown[],
>(type: string): AbiFunction<In, Out> {
  const { name, inputs, outputs } = parseFunction(type);
  const signature = `${name}(${inputs.map((input) => input.name).join(",")})`;
  const selectorBytes = keccak256(new TextEncoder().encode(signature)).subarray(0, SELECTOR_LENGTH);
  const selector = toHex(selectorBytes);
  const inputSize = (...args: In) => SELECTOR_LENGTH + sizeOfValues(inputs, args);
  return {
    signature,
    selector,
    inputSize,
    encodeInput(...args) {
      const callData = new Uint8Array(inputSize(...args));
      callData.set(selectorBytes);
      writeValues(inputs, args, callData, SELECTOR_LENGTH);
      return callData;
    },
    decodeInput(callData) {
      if (!selectorBytes.every((byte, index) => byte === callData[index])) {
        throw malformed(`it does not begin with the selector of ${signature}.`);
      }
      return decodeValues(inputs, callData.subarray(SELECTOR_LENGTH), 0) as unknown as In;
    },
    outputSize: (...values) => sizeOfValues(outputs, values),
    encodeOutput(...values) {
      const output = new Uint8Array(sizeOfValues(outputs, values));
      writeValues(outputs, values, output, 0);
      return output;
    },
    decodeOutput: (data) => decodeValues(outputs, data, 0) as unknown as Out,
  };
}

/** The first four bytes of call data; throws INVALID_CALL_DATA when there are fewer. */
export function selectorOf(callData: Uint8Array): Hex {
  if (callData.length < SELECTOR_LENGTH) {
    throw malformed("it is shorter than a function selector (4 bytes).");
  }
  return toHex(callData.subarray(0, SELECTOR_LENGTH));
}

/** Reads `[function|error] name(type [name], ...) [view ...] [returns (type [name], ...)]`; a type may be a tuple `(type [name], ...)`. */
function parseFunction(type: string): { name: string; inputs: AbiType[]; outputs: AbiType[] } {
  const match =
    /^(?:function |error )?(\w+)\((.*?)\)(?: (?:external|public|view|pure))*(?: returns ?\((.*)\))?$/.exec(
      type.trim(),
    );
  if (!match) throw new SignpostError("INTERNAL", `Not an ABI function: ${type}`);
  const [, name = "", inputs = "", outputs = ""] = match;
  return { name, inputs: typesIn(inputs), outputs: typesIn(outputs) };
}
