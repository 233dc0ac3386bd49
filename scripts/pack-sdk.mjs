// npm run pack:sdk: the client developers' package, from the same sources as everything else. What the entries of the SDK
// reach is copied from the build, as ES modules with their declarations; a CommonJS build beside it holds its
// dependencies, which are ES modules only, for Jest and others that cannot load those.
// The last line on standard output is the tarball's path.
import {
  copyFileSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname, join, posix } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { Application } from "typedoc";
import { npmPack } from "./npmPack.mjs";

const ROOT = realpathSync(fileURLToPath(new URL("../", import.meta.url)));
const BUILT = join(ROOT, "dist");
const OUT = join(ROOT, "build", "sdk");
const ENTRIES = [
  ...["sdk/index", "sdk/node"],
  ...["sdk/messages", "sdk/messagesNode"],
  ...["sdk/storage", "sdk/storageNode"],
  ...["sdk/xmpp", "sdk/xmppNode"],
  ...["sdk/openpgpMime", "sdk/openpgpMimeNode"],
];
/** Those that apps import by a path of their own, by that; with the reference of what each exports. */
const FURTHER = {
  messages: ["messages", "MESSAGES"],
  storage: ["storage", "STORAGE"],
  xmpp: ["xmpp", "XMPP"],
  "openpgp-mime": ["openpgpMime", "OPENPGP_MIME"],
};
/** What an app installs only for what needs it: live messages, and encrypted mail. */
const PEERS = {
  ...{ "socket.io-client": "^4.8.0", openpgp: "^6.3.2", "postal-mime": "^4.0.0" },
  // openpgp requires it, and does not declare it
  "eckey-utils": "^0.7.14",
  "sodium-native": "^5.0.5",
};

const root = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));

rmSync(OUT, { recursive: true, force: true });
const packages = copyModules().filter((name) => !(name in PEERS));
const dependencies = Object.fromEntries(packages.map((name) => [name, root.dependencies[name]]));
await buildCommonJs();
copyDeclarations();
await writeReference("sdk/node", "API", "signpost-sdk: what it exports");
for (const [path, [entry, file]] of Object.entries(FURTHER)) {
  await writeReference(`sdk/${entry}Node`, file, `signpost-sdk/${path}: what it exports`);
}
writeJson("package.json", manifest());
writeJson("cjs/package.json", { type: "commonjs" });
// for those that know no exports, as below
for (const [path, [entry]] of Object.entries(FURTHER)) {
  writeJson(`${path}/package.json`, {
    main: `../cjs/sdk/${entry}.js`,
    module: `../esm/sdk/${entry}.js`,
    types: `../cjs/sdk/${entry}.d.ts`,
  });
}
copyFileSync(join(ROOT, "src/sdk/README.md"), join(OUT, "README.md"));
copyFileSync(join(ROOT, "LICENSE"), join(OUT, "LICENSE"));
console.log(npmPack(OUT));

/** The entries and what they import; the names of the packages that these import, in order. */
function copyModules() {
  const files = reachable(".js");
  for (const [file, code] of files) write(`esm/${file}`, code);
  const specifiers = [...files.values()].flatMap((code) => specifiersIn(code));
  const bare = specifiers.filter((name) => !/^(\.|node:)/.test(name));
  return [...new Set(bare.map((name) => /^(@[^/]+\/)?[^/]+/.exec(name)[0]))].sort();
}

/** Twice, because a declaration is of the kind of module that its nearest package.json says. */
function copyDeclarations() {
  for (const [file, code] of reachable(".d.ts")) {
    // compilers before TypeScript 5.7 know no parameter of it; this one is the default
    const readable = code.replaceAll("Uint8Array<ArrayBufferLike>", "Uint8Array");
    for (const folder of ["esm", "cjs"]) write(`${folder}/${file}`, readable);
  }
}

/** Every file of this kind that the entries lead to, without its comment about a source map. */
function reachable(extension) {
  const found = new Map();
  const follow = (file) => {
    if (found.has(file)) return;
    const code = readFileSync(join(BUILT, file + extension), "utf8");
    found.set(file, code.replace(/^\/\/# sourceMappingURL=.*\n?/m, ""));
    for (const specifier of specifiersIn(code)) {
      if (specifier.startsWith(".")) {
        follow(posix.join(posix.dirname(file), specifier.replace(/\.js$/, "")));
      }
    }
  };
  ENTRIES.forEach(follow);
  return new Map([...found].map(([file, code]) => [file + extension, code]));
}

function specifiersIn(code) {
  const pattern = /(?<!["'])\b(?:from|import|declare module)\s*\(?\s*["']([^"']+)["']/g;
  return [...code.matchAll(pattern)].map(([, specifier]) => specifier);
}

async function buildCommonJs() {
  await build({
    absWorkingDir: ROOT,
    entryPoints: ENTRIES.map((entry) => `dist/${entry}.js`),
    outdir: join(OUT, "cjs/sdk"),
    bundle: true,
    format: "cjs",
    platform: "node",
    target: "es2022",
    // CommonJS themselves; only Node has undici
    external: ["undici", ...Object.keys(PEERS)],
    // what is loaded when it is needed is required then: test runners import nothing
    supported: { "dynamic-import": false },
    // the licences of what is inside
    legalComments: "eof",
    logLevel: "warning",
  });
}

/** Of an entry, from the comments in the sources. */
async function writeReference(entry, file, name) {
  const typedoc = await Application.bootstrapWithPlugins({
    entryPoints: [join(ROOT, `src/${entry}.ts`)],
    tsconfig: join(ROOT, "tsconfig.build.json"),
    plugin: ["typedoc-plugin-markdown"],
    name,
    readme: "none",
    logLevel: "Error",
    // what is not exported is told where it is used
    validation: false,
    excludeExternals: true,
    disableSources: true,
    hidePageHeader: true,
    hideBreadcrumbs: true,
    outputFileStrategy: "modules",
    entryFileName: file,
    out: OUT,
    // without this, everything that is there already would go
    cleanOutputDir: false,
    parametersFormat: "table",
    interfacePropertiesFormat: "table",
    typeAliasPropertiesFormat: "table",
    propertyMembersFormat: "table",
  });
  const project = await typedoc.convert();
  if (!project) throw new Error("typedoc could not read the SDK; see above.");
  await typedoc.generateOutputs(project);
}

function manifest() {
  const conditions = (entry) => ({
    import: { types: `./esm/${entry}.d.ts`, default: `./esm/${entry}.js` },
    require: { types: `./cjs/${entry}.d.ts`, default: `./cjs/${entry}.js` },
    default: { types: `./esm/${entry}.d.ts`, default: `./esm/${entry}.js` },
  });
  return {
    name: "signpost-sdk",
    version: root.version,
    description: "Verified DM3 profiles and relay nodes by ENS name",
    license: root.license,
    type: "module",
    sideEffects: false,
    engines: { node: ">=20.18.1" },
    // for those that know no exports: TypeScript's node10, older bundlers
    main: "./cjs/sdk/index.js",
    module: "./esm/sdk/index.js",
    types: "./cjs/sdk/index.d.ts",
    exports: {
      ".": { node: conditions("sdk/node"), ...conditions("sdk/index") },
      ...Object.fromEntries(
        Object.entries(FURTHER).map(([path, [entry]]) => [
          `./${path}`,
          { node: conditions(`sdk/${entry}Node`), ...conditions(`sdk/${entry}`) },
        ]),
      ),
      "./package.json": "./package.json",
    },
    files: [
      ...["esm", "cjs", "API.md", ...Object.keys(FURTHER)],
      ...Object.values(FURTHER).map(([, reference]) => `${reference}.md`),
    ],
    dependencies,
    peerDependencies: PEERS,
    peerDependenciesMeta: Object.fromEntries(
      Object.keys(PEERS).map((name) => [name, { optional: true }]),
    ),
  };
}

function write(file, content) {
  const path = join(OUT, file);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
}

function writeJson(file, value) {
  write(file, `${JSON.stringify(value, null, 2)}\n`);
}
