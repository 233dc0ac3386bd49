/** A cast makes any bytes an address: only the makers may do it, after they have looked. */
import { readdir, readFile } from "node:fs/promises";
import { expect } from "chai";

const SRC = new URL("../src/", import.meta.url);

const MAKERS: Readonly<Record<string, string>> = {
  Address: "ens/address.ts",
  Node: "ens/namehash.ts",
  Digest: "abi/digest.ts",
};

describe("cast rules", () => {
  it("leave it to one file to make each kind of bytes", async () => {
    const files = (await readdir(SRC, { recursive: true })).filter((file) => file.endsWith(".ts"));
    const casts: [kind: string, file: string][] = [];
    for (const file of files) {
      const code = await readFile(new URL(file, SRC), "utf8");
      for (const [, kind = ""] of code.matchAll(/\bas (\w+)(?=\s*(?:[;,)&\]]|$))/gm)) {
        if (kind in MAKERS) casts.push([kind, file]);
      }
    }
    expect(casts.sort()).to.deep.equal(Object.entries(MAKERS).sort());
  });
});
