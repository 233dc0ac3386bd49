import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "chai";

const SDK = new URL("../../src/sdk/", import.meta.url);
const ALLOWED =
  /\/src\/(?:sdk|wallet|service-client|messenger|storage-client|messaging|codecs|xmpp-client|sending|lookup|fetch|wire|signing|dm3|ccip|ens|abi)\/|\/src\/errors\.ts$/;

/** Every file of ours and every package that the entry reaches. */
function reachable(file: string, seen = new Set<string>()): Set<string> {
  if (seen.has(file)) return seen;
  seen.add(file);
  const source = readFileSync(file, "utf8");
  for (const [, from = ""] of source.matchAll(/^(?:import|export|\}) .*?from "([^"]+)";$/gms)) {
    if (from.startsWith(".")) reachable(resolve(dirname(file), from.replace(/\.js$/, ".ts")), seen);
    else seen.add(from);
  }
  return seen;
}

/** By entry, the packages that it needs. */
const ENTRIES: Readonly<Record<string, readonly string[]>> = {
  index: [
    ...["@adraffy/ens-normalize", "@noble/curves", "@noble/ed25519", "@noble/hashes"],
    "@noble/secp256k1",
  ],
  messages: [
    ...["@adraffy/ens-normalize", "@noble/ciphers", "@noble/ed25519", "@noble/hashes"],
    "@noble/secp256k1",
  ],
  // the file that says what key pairs are knows how to make them as well: nothing of that is bundled
  storage: ["@adraffy/ens-normalize", "@noble/ed25519", "@noble/hashes", "@noble/secp256k1"],
  // the file that says what is signed into a link knows how to check it as well: nothing of that is bundled (test:sdk-package)
  xmpp: [
    ...["@adraffy/ens-normalize", "@noble/ciphers", "@noble/curves", "@noble/ed25519"],
    ...["@noble/hashes", "@noble/secp256k1"],
  ],
  // openpgp and postal-mime are loaded when they are needed; types of theirs are named
  openpgpMime: ["@adraffy/ens-normalize", "@noble/hashes", "openpgp", "postal-mime"],
};

for (const [entry, needed] of Object.entries(ENTRIES)) {
  describe(`the SDK in a browser: ${entry}`, () => {
    const all = [...reachable(fileURLToPath(new URL(`${entry}.ts`, SDK)))];
    const files = all.filter((name) => name.startsWith("/"));
    const packages = all.filter((name) => !name.startsWith("/"));

    it("reaches the rooms of clients only", () => {
      expect(files.length).to.be.above(30);
      expect(files.filter((file) => !ALLOWED.test(file))).to.deep.equal([]);
      expect(files.filter((file) => /\/sdk\/(?:node|\w+Node)\.ts$/.test(file))).to.deep.equal([]);
    });

    it("needs these packages, none of Node's or for servers, and no zod, which compiles text", () => {
      const names = packages.map((name) => /^(?:@[^/]+\/)?[^/]+/.exec(name)?.[0]);
      expect([...new Set(names)].sort()).to.deep.equal(needed);
    });

    it("uses neither Buffer nor process", () => {
      const users = files.filter((file) =>
        /\b(?:Buffer|process)\b[.(]/.test(readFileSync(file, "utf8")),
      );
      expect(users).to.deep.equal([]);
    });
  });
}
