/** Types of the contract ABI by their names, as a human-readable signature has them. */
import { SignpostError } from "../errors.js";
import type { AbiType } from "./abiType.js";
import { arrayOf, BOOL, BYTES, shortBytes, STRING, tupleOf, unsigned } from "./valueTypes.js";
import { WORD } from "./word.js";

/** Reads a type's name; throws INTERNAL for what this codec does not know (static tuples, fixed arrays, intN). */
function typeByName(name: string): AbiType {
  if (name.endsWith("[]")) return arrayOf(typeByName(name.slice(0, -2)));
  if (name.startsWith("(") && name.endsWith(")")) return tupleOf(typesIn(name.slice(1, -1)));
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

/** The types of a list of parameters, `type [name], ...`. Throws INTERNAL as `typeByName` does. */
export function typesIn(parameters: string): AbiType[] {
  // a comma inside a tuple separates its members, not ours: each part has as many "(" as ")"
  const parts: string[] = [];
  for (const piece of parameters.split(",")) {
    const last = parts.at(-1);
    if (last !== undefined && last.split("(").length > last.split(")").length) {
      parts[parts.length - 1] = `${last},${piece}`;
    } else {
      parts.push(piece);
    }
  }
  return parts
    .map((part) => part.trim())
    .filter((part) => part !== "")
    .map((part) => typeByName(/^(\(.*\)\S*|\S+)/.exec(part)?.[0] ?? part));
}
