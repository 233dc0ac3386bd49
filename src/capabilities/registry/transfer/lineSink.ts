/** Lines into a stream, hashed on the way. */
import { createHash } from "node:crypto";
import { once } from "node:events";
import type { Writable } from "node:stream";
import { digestFrom } from "../../../abi/digest.js";
import type { ExportSink } from "../../../transfer/writeExport.js";

/** In characters; what is written at once. */
const TOGETHER = 256 * 1024;

export interface LineSink extends ExportSink {
  /** Hashes a line that is in the file already. */
  skip(line: string): void;
  /** Writes what is still held, and waits for it. */
  finish(): Promise<void>;
}

export function lineSink(stream: Writable): LineSink {
  const hash = createHash("sha256");
  let held = "";
  let failure: Error | null = null;
  stream.on("error", (error) => (failure = error));

  async function flush(): Promise<void> {
    if (failure !== null) throw failure;
    if (held === "") return;
    const bytes = Buffer.from(held);
    held = "";
    hash.update(bytes);
    if (!stream.write(bytes)) await once(stream, "drain");
  }

  return {
    write: (line) => {
      held += `${line}\n`;
      return held.length >= TOGETHER ? flush() : undefined;
    },
    sha256: () => digestFrom(new Uint8Array(hash.copy().update(held).digest())),
    skip: (line) => {
      hash.update(`${line}\n`);
    },
    finish: async () => {
      await flush();
      await new Promise<void>((resolve, reject) => {
        stream.write("", (error) => {
          if (error) reject(error);
          else resolve();
        });
      });
    },
  };
}
