/** The files of test/vectors that have one rule each, as an implementation in any language would read them. */
import { readdir, readFile } from "node:fs/promises";
import type { Invalid, Valid } from "./make/vector.js";

export const VECTORS = new URL("../vectors/", import.meta.url);

/** The text of each file below the format's folder, by its path. */
export async function readFiles(format: string): Promise<Map<string, string>> {
  const files = new Map<string, string>();
  for (const kind of ["valid", "invalid"]) {
    const folder = new URL(`${format}/${kind}/`, VECTORS);
    for (const name of (await readdir(folder)).sort()) {
      files.set(`${kind}/${name}`, await readFile(new URL(name, folder), "utf8"));
    }
  }
  return files;
}

export async function readVectors<Input, Expected, Refusal = string>(format: string) {
  const read = [...(await readFiles(format))].map(([path, text]) => ({
    path,
    vector: { rule: path, ...(JSON.parse(text) as object) },
  }));
  const of = (kind: string) =>
    read.filter(({ path }) => path.startsWith(kind)).map(({ vector }) => vector);
  return {
    valid: of("valid/") as Valid<Input, Expected>[],
    invalid: of("invalid/") as Invalid<Input, Refusal>[],
  };
}
