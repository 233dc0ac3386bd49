/** A name as the service answers it: bytes in hex, coin types and content types in decimal. */
import { z } from "zod";

const hexByKey = z.record(z.string(), z.string());

export const nameSchema = z.strictObject({
  name: z.string(),
  node: z.string(),
  domain: z.string(),
  /** The wallet at addr(60), EIP-55. */
  owner: z.string().nullable(),
  /** Whether the owner has signed for the name: then no API key changes it. */
  held: z.boolean(),
  /** `atMs` is Unix time in milliseconds. */
  suspension: z.strictObject({ by: z.string(), reason: z.string(), atMs: z.number() }).nullable(),
  /** What its ETag is made of; no other content of the name ever has it. */
  version: z.string(),
  /** The last sequence that a signature of an owner used. */
  sequence: z.number(),
  addresses: hexByKey,
  texts: z.record(z.string(), z.string()),
  contenthash: z.string().nullable(),
  /** The record `name()`. */
  nameRecord: z.string().nullable(),
  pubkey: z.strictObject({ x: z.string(), y: z.string() }).nullable(),
  abis: hexByKey,
  data: hexByKey,
  interfaces: hexByKey,
});

export const namesPageSchema = z.strictObject({
  names: z.array(nameSchema),
  /** Goes into `after`. */
  next: z.string().nullable(),
});

export type NameAnswer = z.infer<typeof nameSchema>;
