/**
 * The value types of the contract ABI (Solidity ABI specification, "Formal Specification of the Encoding"),
 * each as a pair of encode and decode over bytes. Decoding is strict where decoders of the EVM are strict
 * (padding of addresses, numbers, booleans and short bytes must be zero) and lenient where they are
 * (offsets may point anywhere inside the data, the padding behind `bytes` may be missing).
 *
 *   bytes, bytesN, address -> Uint8Array (views into the data, not copies)
 *   string -> string, uintN -> bigint, bool -> boolean, T[] -> array, (T1,T2) -> array of one value each
 *
 * Of tuples those with a dynamic member are known: a static one takes several words in the head.
 */
import { SignpostError } from "../errors.js";
import type { AbiType } from "./abiType.js";
import { decodeUtf8, utf8Length } from "./utf8.js";
import { decodeValues, sizeOfValues, writeValues } from "./values.js";
import {
  isZero,
  malformed,
  paddedLength,
  sizeAt,
  slice,
  toNumber,
  WORD,
  writeNumber,
  writeSize,
} from "./word.js";

export const BYTES: AbiType = {
  name: "bytes",
  dynamic: true,
  size: (value) => WORD + paddedLength(expectBytes("bytes", value).length),
  write(value, target, position) {
    const bytes = expectBytes("bytes", value);
    writeSize(target, position, bytes.length);
    target.set(bytes, position + WORD);
    return WORD + paddedLength(bytes.length);
  },
  decode: (data, position) => slice(data, position + WORD, sizeAt(data, position)),
};

const utf8Encoder = new TextEncoder();

export const STRING: AbiType = {
  name: "string",
  dynamic: true,
  size(value) {
    if (typeof value !== "string") throw wrongValue("string");
    return WORD + paddedLength(utf8Length(value));
  },
  write(value, target, position) {
    const { written } = utf8Encoder.encodeInto(value as string, target.subarray(position + WORD));
    writeSize(target, position, written);
    return WORD + paddedLength(written);
  },
  decode(data, position) {
    try {
      return decodeUtf8(BYTES.decode(data, position) as Uint8Array);
    } catch (error) {
      throw error instanceof SignpostError ? error : malformed("a string is not valid UTF-8.");
    }
  },
};

export const BOOL: AbiType = {
  name: "bool",
  dynamic: false,
  size(value) {
    if (typeof value !== "boolean") throw wrongValue("bool");
    return WORD;
  },
  write(value, target, position) {
    target[position + WORD - 1] = value === true ? 1 : 0;
    return WORD;
  },
  decode(data, position) {
    const word = slice(data, position, WORD);
    const value = word[WORD - 1] ?? 0;
    if (value > 1 || !isZero(word, 0, WORD - 1)) {
      throw malformed(`the boolean at position ${position} is neither 0 nor 1.`);
    }
    return value === 1;
  },
};

export function unsigned(bits: number): AbiType {
  const padding = WORD - bits / 8;
  return {
    name: `uint${bits}`,
    dynamic: false,
    size(value) {
      if (typeof value !== "bigint" || value < 0n || value >> BigInt(bits) !== 0n) {
        throw wrongValue(`uint${bits}`);
      }
      return WORD;
    },
    write(value, target, position) {
      writeNumber(target, position, value as bigint);
      return WORD;
    },
    decode(data, position) {
      const word = slice(data, position, WORD);
      if (!isZero(word, 0, padding)) {
        throw malformed(`the number at position ${position} is larger than ${bits} bits.`);
      }
      return toNumber(word);
    },
  };
}

/** `size` bytes in one word: `bytesN` stands left in it, `address` right. */
export function shortBytes(name: string, size: number, side: "left" | "right"): AbiType {
  const start = side === "left" ? 0 : WORD - size;
  const end = start + size;
  return {
    name,
    dynamic: false,
    size(value) {
      if (expectBytes(name, value).length !== size) throw wrongValue(name);
      return WORD;
    },
    write(value, target, position) {
      target.set(value as Uint8Array, position + start);
      return WORD;
    },
    decode(data, position) {
      const word = slice(data, position, WORD);
      if (!isZero(word, 0, start) || !isZero(word, end)) {
        throw malformed(`the ${name} at position ${position} is not padded with zeros.`);
      }
      return word.subarray(start, end);
    },
  };
}

export function arrayOf(item: AbiType): AbiType {
  const name = `${item.name}[]`;
  const itemTypes = (count: number) => new Array<AbiType>(count).fill(item);
  return {
    name,
    dynamic: true,
    size(value) {
      if (!Array.isArray(value)) throw wrongValue(name);
      return WORD + sizeOfValues(itemTypes(value.length), value);
    },
    write(value, target, position) {
      const items = value as unknown[];
      writeSize(target, position, items.length);
      return WORD + writeValues(itemTypes(items.length), items, target, position + WORD);
    },
    decode(data, position) {
      const count = sizeAt(data, position);
      const start = position + WORD;
      // Every item takes a word of the head at least: a count that cannot be true costs nothing.
      if (start + count * WORD > data.length) {
        throw malformed(`a list at position ${position} claims ${count} items.`);
      }
      return decodeValues(itemTypes(count), data, start);
    },
  };
}

export function tupleOf(members: readonly AbiType[]): AbiType {
  const name = `(${members.map((member) => member.name).join(",")})`;
  if (!members.some((member) => member.dynamic)) {
    throw new SignpostError("INTERNAL", `The ABI type ${name} is not supported.`);
  }
  return {
    name,
    dynamic: true,
    size(value) {
      if (!Array.isArray(value) || value.length !== members.length) throw wrongValue(name);
      return sizeOfValues(members, value);
    },
    write: (value, target, position) => writeValues(members, value as unknown[], target, position),
    decode: (data, position) => decodeValues(members, data, position),
  };
}

function expectBytes(name: string, value: unknown): Uint8Array {
  if (!(value instanceof Uint8Array)) throw wrongValue(name);
  return value;
}

function wrongValue(name: string): SignpostError {
  return new SignpostError("INTERNAL", `A value is not of the ABI type ${name}.`);
}
