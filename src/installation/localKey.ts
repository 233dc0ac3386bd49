/** A gatewaySigner key of one's own, made once and kept in a file that only its owner can read. */
import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { link, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fromHex, toHex } from "../abi/hex.js";
import { SignpostError } from "../errors.js";

/** Where the generated key lies. */
export function keyFileIn(directory: string): string {
  return join(directory, "gateway-signer.key");
}

/**
 * The key (32 bytes) in `<directory>/gateway-signer.key`, made at random when the file does not exist. There is
 * no default key: two installations never share one. Throws INVALID_CONFIGURATION for a file that holds none.
 */
export async function localGatewaySignerKey(directory: string): Promise<Uint8Array> {
  const file = keyFileIn(directory);
  try {
    await mkdir(directory, { recursive: true });
    if (!existsSync(file)) await makeKey(file);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new SignpostError(
      "INVALID_CONFIGURATION",
      `The folder ${directory} cannot be written (${reason}); set SIGNPOST_DIR to one that can.`,
    );
  }
  return readKeyFile(file);
}

/** The key (32 bytes) in `file`. Throws INVALID_CONFIGURATION when there is none. */
export async function readKeyFile(file: string): Promise<Uint8Array> {
  const text = await readFile(file, "utf8").then(
    (content) => content.trim(),
    () => "",
  );
  if (!/^0x[0-9a-f]{64}$/.test(text)) {
    throw new SignpostError(
      "INVALID_CONFIGURATION",
      `The file ${file} does not hold a key (0x and 64 hexadecimal digits); restore it from your backup, or move it away to have a new one made.`,
    );
  }
  return fromHex(text);
}

/**
 * Written aside and linked into place when it is complete: a process that starts at the same moment, or after
 * this one was killed, finds the whole key or none. Of several, the first one's stays.
 */
async function makeKey(file: string): Promise<void> {
  const draft = `${file}.${randomBytes(8).toString("hex")}`;
  try {
    await writeFile(draft, `${toHex(randomBytes(32))}\n`, { mode: 0o600, flag: "wx", flush: true });
    await link(draft, file);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
  } finally {
    await rm(draft, { force: true });
  }
}
