/** Which part may know which: the layers of the house, as imports. */
import { readdir, readFile } from "node:fs/promises";
import { posix } from "node:path";
import { expect } from "chai";

const SRC = new URL("../src/", import.meta.url);

const PURE = ["errors", "abi", "ens", "ccip", "dm3", "signing", "wire"];
const CORE = [...PURE, "registry", "gateway", "fetch", "lookup"];
const ADAPTERS = [
  "db",
  "embedded-postgres",
  "chain",
  "http",
  "net",
  "native",
  "operator-keys",
  "signer",
  "observe",
];
const CLIENT = [...PURE, "fetch", "lookup"];
const BELOW_SERVICE = [...CORE, ...ADAPTERS, "health", "settings", "installation"];

/** What each room may import beside itself: a row for each. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  errors: [],
  abi: ["errors"],
  ens: ["errors", "abi"],
  ccip: ["errors", "abi", "ens"],
  dm3: ["errors", "abi", "ens"],
  signing: ["errors", "abi", "ens", "dm3"],
  wire: ["errors", "abi", "ens", "dm3", "signing"],

  registry: PURE,
  gateway: [...PURE, "registry"],
  fetch: PURE,
  lookup: [...PURE, "fetch"],

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
  observe: CORE,

  health: [...CORE, ...ADAPTERS],
  doctor: [...CORE, ...ADAPTERS],
  admin: [...CORE, ...ADAPTERS],
  settings: [...CORE, ...ADAPTERS],
  installation: [...CORE, ...ADAPTERS, "settings"],
  service: BELOW_SERVICE,
  process: [...BELOW_SERVICE, "service"],
  main: [...BELOW_SERVICE, "service", "process"],
  cli: [...BELOW_SERVICE, "sdk", "service", "process", "admin", "doctor"],
  demo: [...BELOW_SERVICE, "sdk", "wallet", "service", "process", "cli"],
};

/** What must run in a browser as it is, and without any state of its own. */
const FORBIDDEN_PACKAGES = /^(node:.*|express|cors|pg|undici|hardhat|ethers|commander)$/;
const FORBIDDEN_GLOBALS =
  /\b(process\.|Buffer\b|Date\.now|new Date|Math\.random|crypto\.|fetch\(|setTimeout|setInterval|require\(|console\.)/;
/** The SDK's business is the network; everything else is forbidden to it as well. */
const FORBIDDEN_SDK_GLOBALS = /\b(process\.|Buffer\b|Math\.random|require\(|console\.)/;

const partOf = (file: string) => file.split("/")[0]!.replace(/\.ts$/, "");

describe("import rules", () => {
  let sources: { file: string; part: string; code: string; imports: string[] }[];

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
    const wrong = sources.flatMap(({ file, part, imports }) =>
      imports
        .filter((specifier) => specifier.startsWith("."))
        .map((specifier) => partOf(posix.join(posix.dirname(file), specifier).replace(/js$/, "ts")))
        .filter((target) => target !== part && !MAY_IMPORT[part]?.includes(target))
        .map((target) => `${file} imports ${target}`),
    );
    expect(wrong).to.deep.equal([]);
  });

  it("know every part that there is", () => {
    const parts = new Set(sources.map(({ part }) => part));
    expect([...parts].sort()).to.deep.equal(Object.keys(MAY_IMPORT).sort());
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
    const pure = [...PURE, "registry", "gateway", "sdk"];
    expect(sources.filter(({ part }) => pure.includes(part)).flatMap(uses)).to.deep.equal([]);
  });

  it("would notice", () => {
    for (const code of ["process.env", "Date.now()", "await fetch(url)", "Buffer.from(x)"]) {
      expect(code).to.match(FORBIDDEN_GLOBALS);
    }
    expect(partOf("embedded-postgres/cluster.ts")).to.equal("embedded-postgres");
    expect(FORBIDDEN_PACKAGES.test("node:fs/promises")).to.equal(true);
  });
});

function withoutComments(code: string): string {
  return code.replace(/\/\*[^]*?\*\//g, "").replace(/^\s*\/\/.*$|\s\/\/ .*$/gm, "");
}
