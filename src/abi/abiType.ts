/**
 * The value types of the contract ABI (Solidity ABI specification, "Formal Specification of the Encoding"),
 * each as a pair of encode and decode over bytes. Decoding is strict where decoders of the EVM are strict
 * (padding of addresses, numbers, booleans and short bytes must be zero) and lenient where they are
 * (offsets may point anywhere inside the data, the padding behind `bytes` may be missing).
 *
 *   bytes, bytesN, address -> Uint8Array (views into the data, not copies)
 *   string -> string, uintN -> bigint, bool -> boolean, T[] -> array
 */
import { SignpostError } from "../errors.js";
import {
  WORD,
  isZero,
  malformed,
  numberWord,
  paddedLength,
  sizeAt,
  slice,
  toNumber,
  wordAt,
} from "./word.js";
import { decodeValues, encodeValues } from "./values.js";

export interface AbiType {
  /** Canonical name, as it stands in a function signature. */
  readonly name: string;
  /** Dynamic values stand in the tail, behind an offset; static ones are one word in the head. */
  readonly dynamic: boolean;
  /** Throws INTERNAL for a value that is not of this type. */
  encode(value: unknown): Uint8Array;
  /** Throws INVALID_CALL_DATA for bytes that are not of this type. */
  decode(data: Uint8Array, position: number): unknown;
}

/** Reads a type's name; throws INTERNAL for what this codec does not know (tuples, fixed arrays, intN). */
export function abiType(name: string): AbiType {
  if (name.endsWith("[]")) return arrayOf(abiType(name.slice(0, -2)));
  if (name === "bytes") return BYTES;
  if (name === "string") return STRING;
  if (name === "address") return shortBytes(name, 20, "right");
  if (name === "bool") return BOOL;
  const sized = /^(uint|bytes)([1-9][0-9]{0,2})?$/.exec(name);
  const size = Number(sized?.[2] ?? 256);
  if (sized?.[1] === "uint" && size % 8 === 0 && size <= 256) return unsigned(size);
  if (sized?.[1] === "bytes" && size <= WORD) return shortBytes(name, size, "left");
  throw new SignpostError("INTERNAL", `The ABI type ${name} is not supported.`);
}

const BYTES: AbiType = {
  name: "bytes",
  dynamic: true,
  encode(value) {
    const bytes = expectBytes("bytes", value);
    const encoded = new Uint8Array(WORD + paddedLength(bytes.length));
    encoded.set(numberWord(bytes.length));
    encoded.set(bytes, WORD);
    return encoded;
  },
  decode: (data, position) => slice(data, position + WORD, sizeAt(data, position)),
};

const utf8Encoder = new TextEncoder();
const utf8Decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

const STRING: AbiType = {
  name: "string",
  dynamic: true,
  encode(value) {
    if (typeof value !== "string") throw wrongValue("string");
    return BYTES.encode(utf8Encoder.encode(value));
  },
  decode(data, position) {
    try {
      return utf8Decoder.decode(BYTES.decode(data, position) as Uint8Array);
    } catch (error) {
      throw error instanceof SignpostError ? error : malformed("a string is not valid UTF-8.");
    }
  },
};

const BOOL: AbiType = {
  name: "bool",
  dynamic: false,
  encode(value) {
    if (typeof value !== "boolean") throw wrongValue("bool");
    return numberWord(value ? 1 : 0);
  },
  decode(data, position) {
    const value = toNumber(wordAt(data, position));
    if (value > 1n) throw malformed(`the boolean at position ${position} is neither 0 nor 1.`);
    return value === 1n;
  },
};

function unsigned(bits: number): AbiType {
  const padding = WORD - bits / 8;
  return {
    name: `uint${bits}`,
    dynamic: false,
    encode(value) {
      if (typeof value !== "bigint" || value < 0n || value >> BigInt(bits) !== 0n) {
        throw wrongValue(`uint${bits}`);
      }
      return numberWord(value);
    },
    decode(data, position) {
      const word = wordAt(data, position);
      if (!isZero(word.subarray(0, padding))) {
        throw malformed(`the number at position ${position} is larger than ${bits} bits.`);
      }
      return toNumber(word);
    },
  };
}

/** `size` bytes in one word: `bytesN` stands left in it, `address` right. */
function shortBytes(name: string, size: number, side: "left" | "right"): AbiType {
  const start = side === "left" ? 0 : WORD - size;
  return {
    name,
    dynamic: false,
    encode(value) {
      const bytes = expectBytes(name, value);
      if (bytes.length !== size) throw wrongValue(name);
      const word = new Uint8Array(WORD);
      word.set(bytes, start);
      return word;
    },
    decode(data, position) {
      const word = wordAt(data, position);
      const padding = side === "left" ? word.subarray(size) : word.subarray(0, start);
      if (!isZero(padding)) {
        throw malformed(`the ${name} at position ${position} is not padded with zeros.`);
      }
      return word.subarray(start, start + size);
    },
  };
}

function arrayOf(item: AbiType): AbiType {
  return {
    name: `${item.name}[]`,
    dynamic: true,
    encode(value) {
      if (!Array.isArray(value)) throw wrongValue(`${item.name}[]`);
      const items = encodeValues(new Array<AbiType>(value.length).fill(item), value);
      const encoded = new Uint8Array(WORD + items.length);
      encoded.set(numberWord(value.length));
      encoded.set(items, WORD);
      return encoded;
    },
    decode(data, position) {
      const count = sizeAt(data, position);
      const start = position + WORD;
      // Every item takes a word of the head at least: a count that cannot be true costs nothing.
      if (start + count * WORD > data.length) {
        throw malformed(`a list at position ${position} claims ${count} items.`);
      }
      return decodeValues(new Array<AbiType>(count).fill(item), data, start);
    },
  };
}

function expectBytes(name: string, value: unknown): Uint8Array {
  if (!(value instanceof Uint8Array)) throw wrongValue(name);
  return value;
}

function wrongValue(name: string): SignpostError {
  return new SignpostError("INTERNAL", `A value is not of the ABI type ${name}.`);
}
