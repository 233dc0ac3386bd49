/** A cast makes any bytes an address, and any text a normal name: only their makers may do it, after they have looked. */
import { readdir, readFile } from "node:fs/promises";
import { expect } from "chai";

const SRC = new URL("../src/", import.meta.url);

const MAKERS: Readonly<Record<string, string>> = {
  Address: "ens/address.ts",
  Node: "ens/namehash.ts",
  Digest: "abi/digest.ts",
  NormalName: "ens/normalize.ts",
};

describe("cast rules", () => {
  it("leave it to one file to make each kind of bytes and names", async () => {
    const files = (await readdir(SRC, { recursive: true })).filter((file) => file.endsWith(".ts"));
    const casts = new Set<string>();
    for (const file of files) {
      const code = await readFile(new URL(file, SRC), "utf8");
      for (const [, kind = ""] of code.matchAll(/\bas (\w+)(?=\s*(?:[;,)&\]]|$))/gm)) {
        if (kind in MAKERS) casts.add(`${kind} in ${file}`);
      }
    }
    expect([...casts]).to.have.members(
      Object.entries(MAKERS).map(([kind, file]) => `${kind} in ${file}`),
    );
  });
});
