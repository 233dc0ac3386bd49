/** Looks at the two ends of an export before anything of it is used: whether it is one, whole, and as it was written. */
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { open } from "node:fs/promises";
import { type Digest, digestFrom } from "../../../abi/digest.js";
import { toHex } from "../../../abi/hex.js";
import { SignpostError } from "../../../errors.js";
import type { LineOf } from "../../../transfer/form/exportLine.js";
import { malformed, readHeader, readLine } from "../../../transfer/form/readLine.js";
import { splitLines } from "../../../transfer/form/splitLines.js";
import { unusable } from "./exportToFile.js";

/** No end line is longer. */
const LONGEST_END = 4_096;

export interface WholeExport {
  readonly domain: string;
  readonly bytes: number;
  readonly sha256: Digest;
  readonly counts: Readonly<Record<string, number>>;
}

/**
 * Throws EXPORT_MALFORMED, EXPORT_CUT_OFF, and INVALID_REQUEST for a file that cannot be read.
 */
export async function wholeExport(file: string): Promise<WholeExport> {
  try {
    return await lookedAt(file);
  } catch (error) {
    throw error instanceof Error && "syscall" in error ? unusable(file, error) : error;
  }
}

async function lookedAt(file: string): Promise<WholeExport> {
  const domain = await domainOf(file);
  const { end, at, bytes } = await endOf(file);
  const hash = createHash("sha256");
  for await (const block of createReadStream(file, { end: at - 1 })) hash.update(block as Buffer);
  const sha256 = digestFrom(new Uint8Array(hash.digest()));
  if (toHex(sha256) === end.sha256) return { domain, bytes, sha256, counts: end.counts };
  throw malformed(
    null,
    "The file is not as it was written: its SHA-256 is not the one of its end line. Copy it again from where it was made.",
  );
}

async function domainOf(file: string): Promise<string> {
  for await (const { text } of splitLines(createReadStream(file))) return readHeader(text).domain;
  throw malformed(null, `The file ${file} has no line; it is no export.`);
}

async function endOf(file: string): Promise<{ end: LineOf<"end">; at: number; bytes: number }> {
  const handle = await open(file);
  try {
    const { size } = await handle.stat();
    const length = Math.min(size, LONGEST_END);
    const tail = Buffer.alloc(length);
    await handle.read(tail, 0, length, size - length);
    const start = tail.lastIndexOf(0x0a, length - 2) + 1;
    const text = tail.toString("utf8", start, length - 1);
    const isLine = length > 1 && tail[length - 1] === 0x0a && start > 0;
    if (!isLine || !text.startsWith('{"counts":')) throw cutOff(file);
    const end = readLine(text, "end");
    if (end.kind !== "end") throw cutOff(file);
    return { end, at: size - length + start, bytes: size };
  } finally {
    await handle.close();
  }
}

function cutOff(file: string): SignpostError {
  return new SignpostError(
    "EXPORT_CUT_OFF",
    `The export ${file} is cut off: its end line is missing, so names may be missing too. Export again, or copy the whole file.`,
    {},
  );
}
