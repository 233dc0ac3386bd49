/** Which part may know which: the layers of the house, as imports. */
import { readdir, readFile } from "node:fs/promises";
import { posix } from "node:path";
import { expect } from "chai";

const SRC = new URL("../src/", import.meta.url);

const PURE = ["errors", "abi", "ens", "ccip", "dm3", "signing", "wire"];
const CORE = [...PURE, "registry", "gateway", "fetch", "lookup", "sealing"];
const ADAPTERS = [
  "db",
  "embedded-postgres",
  "chain",
  "http",
  "net",
  "native",
  "operator-keys",
  "signer",
  "wrapping-keys",
  "observe",
];
const REGISTRY_NOUNS = ["registry/domains", "registry/names", "registry/history"];
const CLIENT = [...PURE, "fetch", "lookup"];
const BELOW_SERVICE = [...CORE, ...ADAPTERS, "health", "settings", "installation"];

/** What each room may import beside itself: a row for each. Where a folder's rooms have rows, its name means all of them. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  errors: [],
  abi: ["errors"],
  ens: ["errors", "abi"],
  ccip: ["errors", "abi", "ens"],
  dm3: ["errors", "abi", "ens"],
  signing: ["errors", "abi", "ens", "dm3"],
  wire: ["errors", "abi", "ens", "dm3", "signing"],

  "registry/domains": PURE,
  "registry/names": [...PURE, "registry/domains"],
  "registry/history": [...PURE, "registry/domains", "registry/names"],
  "registry/store": [...PURE, ...REGISTRY_NOUNS],
  "registry/access": [...PURE, "registry/domains", "registry/store"],
  "registry/changes": [...PURE, ...REGISTRY_NOUNS, "registry/store"],
  "registry/signed": [...PURE, ...REGISTRY_NOUNS, "registry/store", "registry/changes"],
  "registry/audit": [...PURE, ...REGISTRY_NOUNS, "registry/store", "registry/signed"],
  "registry/dm3": [...PURE, ...REGISTRY_NOUNS, "registry/store", "registry/changes"],

  gateway: [...PURE, "registry"],
  fetch: PURE,
  lookup: [...PURE, "fetch"],
  sealing: PURE,

  wallet: CLIENT,
  "service-client": [...CLIENT, "wallet"],
  sdk: [...CLIENT, "service-client", "wallet", "net"],

  db: CORE,
  "embedded-postgres": CORE,
  "operator-keys": PURE,
  chain: CORE,
  http: CORE,
  net: CORE,
  native: CORE,
  signer: [...CORE, "operator-keys"],
  "wrapping-keys": [...CORE, "operator-keys"],
  observe: CORE,

  health: [...CORE, ...ADAPTERS],
  doctor: [...CORE, ...ADAPTERS],
  admin: [...CORE, ...ADAPTERS],
  settings: [...CORE, ...ADAPTERS],
  installation: [...CORE, ...ADAPTERS, "settings"],
  terminal: ["errors"],
  service: BELOW_SERVICE,
  capabilities: [...BELOW_SERVICE, "service", "terminal"],
  process: [...BELOW_SERVICE, "service"],
  main: ["errors", "capabilities", "process"],
  cli: [...BELOW_SERVICE, "sdk", "capabilities", "process", "admin", "doctor", "terminal"],
  demo: [...BELOW_SERVICE, "sdk", "wallet", "capabilities", "cli"],
};

/** What must run in a browser as it is, and without any state of its own. */
const FORBIDDEN_PACKAGES = /^(node:.*|express|cors|pg|undici|hardhat|ethers|commander)$/;
const FORBIDDEN_GLOBALS =
  /\b(process\.|Buffer\b|Date\.now|new Date|Math\.random|crypto\.|fetch\(|setTimeout|setInterval|require\(|console\.)/;
/** The SDK's business is the network; everything else is forbidden to it as well. */
const FORBIDDEN_SDK_GLOBALS = /\b(process\.|Buffer\b|Math\.random|require\(|console\.)/;

/** Folders whose folders and files are rooms of their own. */
const DIVIDED = new Set(
  Object.keys(MAY_IMPORT)
    .filter((room) => room.includes("/"))
    .map((room) => room.split("/")[0]!),
);

/** The room of a file of src: its first folder, or the second one too where that is divided. */
function partOf(file: string): string {
  const [first = "", ...rest] = file.replace(/\.ts$/, "").split("/");
  return DIVIDED.has(first) ? [first, ...rest.slice(0, 1)].join("/") : first;
}

const isIn = (part: string, rooms: readonly string[]) =>
  rooms.includes(part) || rooms.includes(part.split("/")[0]!);

interface Source {
  readonly file: string;
  readonly part: string;
  readonly code: string;
  readonly imports: readonly string[];
}

/** The files of src that a file imports. */
const filesImported = ({ file, imports }: Pick<Source, "file" | "imports">) =>
  imports
    .filter((specifier) => specifier.startsWith("."))
    .map((specifier) => posix.join(posix.dirname(file), specifier).replace(/js$/, "ts"));

/** Files that import one another in a circle: the first circle that is found, as the way around it. */
function circleIn(files: readonly Pick<Source, "file" | "imports">[]): readonly string[] {
  const importsOf = new Map(files.map((source) => [source.file, filesImported(source)]));
  const done = new Set<string>();
  const follow = (file: string, way: readonly string[]): readonly string[] => {
    const start = way.indexOf(file);
    if (start !== -1) return [...way.slice(start), file];
    if (done.has(file)) return [];
    for (const next of importsOf.get(file) ?? []) {
      const circle = follow(next, [...way, file]);
      if (circle.length > 0) return circle;
    }
    done.add(file);
    return [];
  };
  for (const file of importsOf.keys()) {
    const circle = follow(file, []);
    if (circle.length > 0) return circle;
  }
  return [];
}

describe("import rules", () => {
  let sources: Source[];

  before(async () => {
    const files = (await readdir(SRC, { recursive: true })).filter((file) => file.endsWith(".ts"));
    sources = await Promise.all(
      files.map(async (file) => {
        const code = await readFile(new URL(file, SRC), "utf8");
        const imports = [...code.matchAll(/(?:\bfrom|\bimport)\s*\(?\s*["']([^"']+)["']/g)].map(
          ([, specifier = ""]) => specifier,
        );
        return { file, part: partOf(file), code: withoutComments(code), imports };
      }),
    );
    expect(sources.length).to.be.above(90);
  });

  it("go one way only, and adapters never import one another", () => {
    const wrong = sources.flatMap((source) =>
      filesImported(source)
        .map(partOf)
        .filter((target) => target !== source.part && !isIn(target, MAY_IMPORT[source.part] ?? []))
        .map((target) => `${source.file} imports ${target}`),
    );
    expect(wrong).to.deep.equal([]);
  });

  it("have no circle of files", () => {
    expect(circleIn(sources)).to.deep.equal([]);
  });

  it("know every part that there is", () => {
    const parts = new Set(sources.map(({ part }) => part));
    expect([...parts].sort()).to.deep.equal(Object.keys(MAY_IMPORT).sort());
  });

  it("hold for error codes as well: a room names those of rooms that it may import", () => {
    const homes = new Map<string, string>();
    for (const { file, part, code } of sources) {
      if (!/^errors\.ts$|\/errorCodes\.ts$/.test(file)) continue;
      for (const [, word = ""] of code.matchAll(/^ {2}([A-Z][A-Z_]+): /gm)) {
        expect(homes.get(word), `${word} has one room`).to.equal(undefined);
        homes.set(word, part);
      }
    }
    expect(homes.get("INTERNAL")).to.equal("errors");
    expect(homes.get("NAME_TAKEN")).to.equal("wire");
    const wrong = sources.flatMap(({ file, part, code }) =>
      [...new Set(code.match(/\b[A-Z][A-Z_]+\b/g))].flatMap((word) => {
        const home = homes.get(word) ?? part;
        const mayName = home === part || isIn(home, ["errors", ...(MAY_IMPORT[part] ?? [])]);
        return mayName ? [] : [`${file} names ${word} of ${home}`];
      }),
    );
    expect(wrong).to.deep.equal([]);
  });

  it("keep the pure parts and the SDK free of Node, servers and databases", () => {
    const wrong = sources
      .filter(({ file, part }) => [...PURE, "sdk"].includes(part) && file !== "sdk/node.ts")
      .flatMap(({ file, imports }) =>
        imports.filter((name) => FORBIDDEN_PACKAGES.test(name)).map((name) => `${file}: ${name}`),
      );
    expect(wrong).to.deep.equal([]);
  });

  it("keep the pure parts free of network, clock, chance and environment", () => {
    const uses = ({ file, part, code }: { file: string; part: string; code: string }) => {
      const forbidden = part === "sdk" ? FORBIDDEN_SDK_GLOBALS : FORBIDDEN_GLOBALS;
      const found = forbidden.exec(code)?.[0];
      return found === undefined ? [] : [`${file}: ${found}`];
    };
    const pure = [...PURE, "registry", "gateway", "sealing", "sdk"];
    expect(sources.filter(({ part }) => isIn(part, pure)).flatMap(uses)).to.deep.equal([]);
  });

  it("would notice", () => {
    for (const code of ["process.env", "Date.now()", "await fetch(url)", "Buffer.from(x)"]) {
      expect(code).to.match(FORBIDDEN_GLOBALS);
    }
    expect(partOf("embedded-postgres/cluster.ts")).to.equal("embedded-postgres");
    expect(partOf("registry/names/nameState.ts")).to.equal("registry/names");
    expect(partOf("registry/store.ts")).to.equal("registry/store");
    expect(isIn("registry/names", CORE)).to.equal(true);
    expect(isIn("registry/names", MAY_IMPORT["registry/domains"]!)).to.equal(false);
    const file = (name: string, ...imports: string[]) => ({ file: name, imports });
    const around = [file("x.ts", "./a/b.js"), file("a/b.ts", "./c.js"), file("a/c.ts", "./b.js")];
    expect(circleIn(around)).to.deep.equal(["a/b.ts", "a/c.ts", "a/b.ts"]);
    expect(FORBIDDEN_PACKAGES.test("node:fs/promises")).to.equal(true);
  });
});

function withoutComments(code: string): string {
  return code.replace(/\/\*[^]*?\*\//g, "").replace(/^\s*\/\/.*$|\s\/\/ .*$/gm, "");
}
