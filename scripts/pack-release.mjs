// npm run pack: the release, which serves without developers' tools. What was built is packed with a shrinkwrap, so that an
// installation has exactly the versions of package-lock.json; compilers, chains for tests and the demo stay behind.
// It says of which commit the sources are, and whether they are as it has them. The last line on standard output is the
// tarball's path.
import { cpSync, mkdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { npmPack } from "./npmPack.mjs";
import { shrinkwrapOf } from "./shrinkwrap.mjs";
import { sourcesOf } from "./sourcesOf.mjs";

const ROOT = realpathSync(fileURLToPath(new URL("../", import.meta.url)));
const OUT = join(ROOT, "build", "release");
/** In package.json beside what a service needs, for the demo, for tests and for compiling contracts. */
const FOR_DEVELOPERS = [
  "@openzeppelin/contracts",
  "@foundry-rs/anvil-linux-amd64",
  "@deltachat/stdio-rpc-server-linux-x64",
];
const ARTIFACTS = ["OffchainResolver", "WalletSignatureCheck"].map(
  (name) => `artifacts/contracts/${name}.sol/${name}.json`,
);
const CONTENT = [
  ...["bin", "deploy", "dist", "docs", ...ARTIFACTS],
  ...[".env.example", "README.md", "CHANGELOG.md", "SECURITY.md", "LICENSE"],
];

const root = readJson("package.json");
const manifest = releaseManifest();

rmSync(OUT, { recursive: true, force: true });
mkdirSync(OUT, { recursive: true });
for (const path of CONTENT) cpSync(join(ROOT, path), join(OUT, path), { recursive: true, filter });
writeJson("package.json", manifest);
writeJson("npm-shrinkwrap.json", shrinkwrapOf(readJson("package-lock.json"), manifest));
console.log(`signpost: ${manifest.version} of ${sourcesOf(ROOT)}`);
console.log(npmPack(OUT));

/**
 * The demo starts a chain of its own; declarations and source maps are for those who build on the sources; and an
 * operator's own settings, which compose.yaml has beside it, are nobody else's.
 */
function filter(path) {
  return !path.startsWith(join(ROOT, "dist/demo")) && !/(\.d\.ts|\.js\.map|\/\.env)$/.test(path);
}

function releaseManifest() {
  const { name, version, description, license, type, engines, bin, allowScripts } = root;
  return {
    ...{ name, version, description, license, private: true, type, engines, bin },
    // otherwise what .gitignore names would stay behind
    files: ["npm-shrinkwrap.json", ...CONTENT].map((path) => `/${path}`),
    scripts: { start: "exec node --max-semi-space-size=8 dist/main.js" },
    dependencies: without(root.dependencies),
    optionalDependencies: without(root.optionalDependencies),
    allowScripts,
  };
}

function without(dependencies) {
  return Object.fromEntries(
    Object.entries(dependencies).filter(([name]) => !FOR_DEVELOPERS.includes(name)),
  );
}

function readJson(file) {
  return JSON.parse(readFileSync(join(ROOT, file), "utf8"));
}

function writeJson(file, value) {
  writeFileSync(join(OUT, file), `${JSON.stringify(value, null, 2)}\n`);
}
