/** A secret in a file of its own: a passphrase, a token, an encrypted key. */
import { open } from "node:fs/promises";
import { SignpostError } from "../errors.js";

/** A keystore takes under 1 KiB; whatever is larger is another file. */
const MOST_BYTES = 65_536;

/**
 * The text of `file`, without the line break at its end, which editors add and secrets do not have.
 * @param what names the file in messages, e.g. "passphrase file"
 * @throws INVALID_CONFIGURATION when it cannot be read, is empty, or is larger than 64 KiB
 */
export async function readSecretFile(file: string, what: string): Promise<string> {
  const text = (await readBounded(file, what)).replace(/\r?\n$/, "");
  if (text !== "") return text;
  throw new SignpostError(
    "INVALID_CONFIGURATION",
    `The ${what} ${file} is empty. Write the secret into it.`,
  );
}

async function readBounded(file: string, what: string): Promise<string> {
  let handle;
  try {
    handle = await open(file);
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(MOST_BYTES + 1));
    if (bytesRead <= MOST_BYTES) return buffer.toString("utf8", 0, bytesRead);
  } catch (error) {
    const reason = error instanceof Error && "code" in error ? ` (${String(error.code)})` : "";
    throw new SignpostError(
      "INVALID_CONFIGURATION",
      `The ${what} ${file} cannot be read${reason}. Check the path, and that the user of this process may read it.`,
    );
  } finally {
    await handle?.close();
  }
  throw new SignpostError(
    "INVALID_CONFIGURATION",
    `The ${what} ${file} is larger than ${MOST_BYTES} bytes: it is another file. Correct the path.`,
  );
}
