/** A store in one file: enough for a demo. An app takes its own database. */
import { readFileSync, renameSync, writeFileSync } from "node:fs";
import type { KeyValue } from "signpost-sdk/xmpp";

export function fileKeyValue(file: string): KeyValue {
  const values = new Map<string, unknown>(Object.entries(read(file)));
  const write = async () => {
    // whole or not at all
    writeFileSync(`${file}.new`, JSON.stringify(Object.fromEntries(values)), { mode: 0o600 });
    renameSync(`${file}.new`, file);
  };
  return {
    get: async (key) => values.get(key) ?? null,
    set: (key, value) => (values.set(key, value), write()),
    delete: (key) => (values.delete(key), write()),
    entries: async (prefix) => [...values].filter(([key]) => key.startsWith(prefix)).sort(),
  };
}

function read(file: string): Record<string, unknown> {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as Record<string, unknown>;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return {};
    throw error;
  }
}
