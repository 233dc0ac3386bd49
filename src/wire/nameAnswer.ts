/** A name as the service answers it: bytes in hex, coin types and content types in decimal. */
import { flag, type Infer, list, nullable, number, object, record, text } from "./shape.js";

const textByKey = record(text);

export const nameSchema = object({
  name: text,
  node: text,
  domain: text,
  /** The wallet at addr(60), EIP-55. */
  owner: nullable(text),
  /** Whether the owner has signed for the name: then no API key changes it. */
  held: flag,
  /** `atMs` is Unix time in milliseconds. */
  suspension: nullable(object({ by: text, reason: text, atMs: number })),
  /** What its ETag is made of; no other content of the name ever has it. */
  version: text,
  /** The last sequence that a signature of an owner used. */
  sequence: number,
  addresses: textByKey,
  texts: textByKey,
  contenthash: nullable(text),
  /** The record `name()`. */
  nameRecord: nullable(text),
  pubkey: nullable(object({ x: text, y: text })),
  abis: textByKey,
  data: textByKey,
  interfaces: textByKey,
});

export const namesPageSchema = object({
  names: list(nameSchema),
  /** Goes into `after`. */
  next: nullable(text),
});

export type NameAnswer = Infer<typeof nameSchema>;
