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

/** The key (32 bytes) in `file`. Throws INVALID_CONFIGURATION when there is none, it cannot be read, or it is no key. */
export async function readKeyFile(file: string): Promise<Uint8Array> {
  let text: string;
  try {
    text = (await readFile(file, "utf8")).trim();
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : String(error);
    throw code === "ENOENT" ? missingKey(file) : unreadableKey(file, code);
  }
  if (!/^0x[0-9a-f]{64}$/.test(text)) throw malformedKey(file);
  return fromHex(text);
}

function missingKey(file: string): SignpostError {
  return wrongKeyFile(
    `There is no key file ${file}. Check SIGNPOST_DIR, or restore the file from your backup. A start of the service without this file makes a new key, which no resolver knows yet.`,
  );
}

function unreadableKey(file: string, code: string): SignpostError {
  return wrongKeyFile(
    `The key file ${file} is there, but cannot be read (${code}). Let the user that runs this command read it, or run it as the service's user. Keep the file: it holds the key that signs for your names.`,
  );
}

/** It may be a good key with one wrong letter, so nobody is told to take it away. */
function malformedKey(file: string): SignpostError {
  return wrongKeyFile(
    `The key file ${file} holds no key: 0x and 64 hexadecimal digits in lower case are expected. Restore it from your backup, and keep this one until that works.`,
  );
}

function wrongKeyFile(sentence: string): SignpostError {
  return new SignpostError("INVALID_CONFIGURATION", sentence);
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
