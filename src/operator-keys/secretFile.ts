/** A secret in a file of its own: a passphrase, a token, an encrypted key. */
import { type FileHandle, open, writeFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { isSignpostError, SignpostError } from "../errors.js";

/** A keystore takes under 1 KiB; whatever is larger is another file. */
const MOST_BYTES = 65_536;

/** A "secret" is written by whoever runs this; a "key" is made once, backed up, and readable by its owner alone. */
export type Kept = "secret" | "key";

/**
 * The text of `file`, without the line break at its end, which editors add and secrets do not have.
 * @param what names the file in messages, e.g. "passphrase file"
 * @throws INVALID_CONFIGURATION when it cannot be read, is empty, is larger than 64 KiB, or has other readers
 */
export async function readSecretFile(
  file: string,
  what: string,
  kept: Kept = "secret",
): Promise<string> {
  const text = (await readBounded(file, what, kept)).replace(/\r?\n$/, "");
  if (text !== "") return text;
  const advice = {
    secret: "Write the secret into it.",
    key: "Restore it from your backup, or correct the path.",
  }[kept];
  throw wrongFile(`The ${what} ${shownPath(file)} is empty. ${advice}`);
}

async function readBounded(file: string, what: string, kept: Kept): Promise<string> {
  let handle;
  try {
    handle = await open(file);
    if (kept === "key") await assertOwnerOnly(handle, `The ${what} ${shownPath(file)}`);
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(MOST_BYTES + 1));
    if (bytesRead <= MOST_BYTES) return buffer.toString("utf8", 0, bytesRead);
  } catch (error) {
    if (isSignpostError(error)) throw error;
    if (isMissing(error))
      throw wrongFile(`There is no ${what} ${shownPath(file)}. Check the path.`);
    throw wrongFile(
      `The ${what} ${shownPath(file)} is there, but cannot be read${reasonOf(error)}. Let the user of this process read it.`,
    );
  } finally {
    await handle?.close();
  }
  throw wrongFile(
    `The ${what} ${shownPath(file)} is larger than ${MOST_BYTES} bytes: it is another file. Correct the path.`,
  );
}

async function assertOwnerOnly(handle: FileHandle, file: string): Promise<void> {
  const mode = (await handle.stat()).mode & 0o777;
  if ((mode & 0o077) === 0) return;
  throw wrongFile(
    `${file} is open to others than its owner (mode ${mode.toString(8)}). Take their rights away with \`chmod 600\`; if others could read it, make a new key.`,
  );
}

/** A path as a sentence may repeat it: someone may have given the key itself in its place. */
export function shownPath(path: string): string {
  return path.replace(/(0x)?[0-9a-fA-F]{64}/g, "<64 hexadecimal digits>");
}

/**
 * Writes a file that only its owner can read.
 * @throws INVALID_REQUEST when it exists, its folder does not, or it cannot be written
 */
export async function writeNewSecretFile(file: string, text: string): Promise<void> {
  try {
    await writeFile(file, text, { mode: 0o600, flag: "wx", flush: true });
  } catch (error) {
    if (isMissing(error)) throw noFolder(dirname(resolve(file)));
    throw new SignpostError(
      "INVALID_REQUEST",
      `The file ${shownPath(file)} cannot be made${reasonOf(error)}. Name one that does not exist, in a folder that you may write to.`,
    );
  }
}

function noFolder(folder: string): SignpostError {
  return new SignpostError(
    "INVALID_REQUEST",
    `The folder ${shownPath(folder)} does not exist. Make it first, for the user that the service runs as: \`install -d -o <user> -m 700 ${shownPath(folder)}\`.`,
  );
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT";
}

function reasonOf(error: unknown): string {
  return error instanceof Error && "code" in error ? ` (${String(error.code)})` : "";
}

function wrongFile(sentence: string): SignpostError {
  return new SignpostError("INVALID_CONFIGURATION", sentence);
}
