/** Files of IPFS: a UnixFS entry inside of a node (dag-pb), both in the encoding of protocol buffers. */
import { varint } from "./cid.js";

export interface UnixFsEntry {
  readonly type: string;
  readonly content: Uint8Array;
  /** Whether it is continued in other blocks. */
  readonly isSpread: boolean;
}

const TYPES = ["raw", "directory", "file", "metadata", "symlink", "hamt-sharded-directory"];
const FILE = 2;

/** The wire type of each field of a message: 0 for numbers, 2 for bytes. */
type Message = readonly (0 | 2 | undefined)[];

/** Data and links. */
const NODE: Message = [undefined, 2, 2];
/** Type, content, its size, sizes of other blocks, two for folders, mode, time. */
const ENTRY: Message = [undefined, 0, 2, 0, 0, 0, 0, 0, 2];

interface ProtobufField {
  readonly number: number;
  /** Of a number; 0 for one that does not fit, which no field that we read has. */
  readonly value: number;
  /** Of everything else. */
  readonly bytes: Uint8Array;
}

/** The entry in a block; null for what is none. */
export function unixFsEntry(block: Uint8Array): UnixFsEntry | null {
  const node = protobufFields(NODE, block);
  if (node?.every(({ number }) => NODE[number] !== undefined) !== true) return null;
  const entry = protobufFields(ENTRY, last(node, 1)?.bytes ?? new Uint8Array());
  const type = TYPES[entry ? (last(entry, 1)?.value ?? FILE) : -1];
  if (!entry || type === undefined) return null;
  return {
    type,
    content: last(entry, 2)?.bytes ?? new Uint8Array(),
    // links of the node, or sizes of the blocks that they lead to
    isSpread: last(node, 2) !== undefined || last(entry, 4) !== undefined,
  };
}

function last(fields: readonly ProtobufField[], number: number): ProtobufField | undefined {
  return fields.filter((field) => field.number === number).at(-1);
}

/** Null for malformed ones. Fields that the message does not name may be of any type. */
function protobufFields(message: Message, bytes: Uint8Array): readonly ProtobufField[] | null {
  const fields: ProtobufField[] = [];
  let rest = bytes;
  while (rest.length > 0) {
    const tag = varint(rest);
    if (!tag) return null;
    const [number, wireType] = [tag.value >>> 3, tag.value & 7];
    const read = protobufValue(wireType, tag.rest);
    if (!read || (message[number] ?? wireType) !== wireType) return null;
    fields.push({ number, value: read.value, bytes: read.bytes });
    rest = read.rest;
  }
  return fields;
}

/** A number, 8 bytes, bytes with their length, or 4 bytes, as the wire type says. */
function protobufValue(wireType: number, from: Uint8Array) {
  if (wireType === 0) {
    const end = from.subarray(0, 10).findIndex((byte) => byte < 128) + 1;
    const value = varint(from)?.value ?? 0;
    return end === 0 ? null : { value, bytes: new Uint8Array(), rest: from.subarray(end) };
  }
  const sized = wireType === 2 ? varint(from) : null;
  const [length, rest] = sized
    ? [sized.value, sized.rest]
    : [{ 1: 8, 5: 4 }[wireType] ?? Infinity, from];
  if (length > rest.length) return null;
  return { value: 0, bytes: rest.subarray(0, length), rest: rest.subarray(length) };
}
