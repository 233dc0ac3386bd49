/** Which part may know which: the layers of the house, as imports. */
import { readdir, readFile } from "node:fs/promises";
import { posix } from "node:path";
import { expect } from "chai";

const SRC = new URL("../src/", import.meta.url);

const PURE = ["errors", "abi", "ens", "ccip", "dm3", "signing", "wire"];
const CORE = [
  ...PURE,
  "registry",
  "gateway",
  "fetch",
  "lookup",
  "sending",
  "accounts",
  "relay",
  "storage",
  "messaging",
  "codecs",
  "nodes",
  "sealing",
  "transfer",
  "mirror",
];
const ADAPTERS = [
  ...["db", "embedded-postgres", "chain", "http", "net"],
  ...["source-postgres", "source-http", "signer", "wrapping-keys", "native", "observe"],
  "xmpp",
  "mail",
];
const REGISTRY_NOUNS = ["registry/domains", "registry/names", "registry/history"];
const CLIENT = [...PURE, "fetch", "lookup"];
const CLIENTS = [
  ...["wallet", "service-client", "messenger"],
  ...["storage-client", "xmpp-client", "sdk"],
];
const BELOW_SERVICE = [...CORE, ...ADAPTERS, "health", "settings", "installation"];
/** No capability imports another one. */
const BELOW_CAPABILITIES = [...BELOW_SERVICE, "operator-keys", "service", "terminal"];

/** What each room may import beside itself: a row for each, below those of the rooms that it may import. Where a folder's rooms have rows, its name means all of them. */
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
  "registry/sources": [...PURE, ...REGISTRY_NOUNS, "registry/changes"],
  "registry/feed": [...PURE, ...REGISTRY_NOUNS],
  "registry/access": [...PURE, "registry/domains", "registry/history", "registry/store"],
  "registry/changes": [...PURE, ...REGISTRY_NOUNS, "registry/store"],
  "registry/signed": [...PURE, ...REGISTRY_NOUNS, "registry/store", "registry/changes"],
  "registry/audit": [...PURE, ...REGISTRY_NOUNS, "registry/store", "registry/signed"],
  "registry/dm3": [...PURE, ...REGISTRY_NOUNS, "registry/store", "registry/changes"],

  gateway: [...PURE, "registry"],
  fetch: PURE,
  lookup: [...PURE, "fetch"],
  sending: CLIENT,
  accounts: PURE,
  relay: [...PURE, "accounts"],
  storage: [...PURE, "accounts"], // an extension: no other room of the core may know it
  messaging: [...CLIENT, "sending", "accounts", "relay"],
  codecs: [...PURE, "fetch", "messaging"], // of messaging: addresses
  nodes: [...PURE, "fetch", "sending"],
  sealing: PURE,
  transfer: [...PURE, "registry"],
  mirror: [...PURE, "registry", "transfer"],

  "operator-keys": PURE,

  db: CORE,
  "embedded-postgres": CORE,
  chain: CORE,
  http: CORE,
  net: CORE,
  native: CORE,
  "source-http": CORE,
  signer: [...CORE, "operator-keys"],
  "wrapping-keys": [...CORE, "operator-keys"],
  observe: CORE,
  "source-postgres": CORE,
  xmpp: CORE,
  mail: CORE,

  wallet: CLIENT,
  "service-client": [...CLIENT, "wallet"],
  messenger: [...CLIENT, "sending"],
  "storage-client": [...CLIENT, "sending", "messenger"], // which knows it by a port alone
  "xmpp-client": [...CLIENT, "sending", "messaging", "messenger"],
  sdk: [
    ...[...CLIENT, "sending", "messaging", "service-client", "wallet", "messenger"],
    ...["storage-client", "xmpp-client", "codecs"],
    ...["net", "native"],
  ],

  web: ["sdk"],

  health: [...CORE, ...ADAPTERS],
  doctor: [...CORE, ...ADAPTERS],
  conformance: [...CORE, ...ADAPTERS, "doctor"],
  admin: [...CORE, ...ADAPTERS],
  settings: [...CORE, ...ADAPTERS],
  installation: [...CORE, ...ADAPTERS, "settings"],
  terminal: ["errors", "abi"],
  service: BELOW_SERVICE,
  connecting: [...BELOW_SERVICE, "service", "service-client", "wallet"], // publishes the names of a network's users
  "capabilities/registry": [...BELOW_CAPABILITIES, "wallet", "messenger", "sdk"], // its canary is a user
  "capabilities/relay": [...BELOW_CAPABILITIES, "wallet", "sdk"], // its canary is a user
  "capabilities/storage": BELOW_CAPABILITIES,
  "capabilities/xmpp": [...BELOW_CAPABILITIES, "connecting", "wallet", "sdk"], // its canary is a user
  "capabilities/mail": [...BELOW_CAPABILITIES, "connecting", "codecs"], // shows certificates
  "capabilities/status": BELOW_CAPABILITIES,
  "capabilities/lookup-page": BELOW_CAPABILITIES,
  "capabilities/admin-page": BELOW_CAPABILITIES,
  "capabilities/list": ["capabilities", "service"],
  process: [...BELOW_SERVICE, "service"],
  main: ["errors", "capabilities", "process"],
  cli: [
    ...BELOW_SERVICE,
    "operator-keys",
    "service-client",
    "messenger",
    "sdk",
    "capabilities",
    "process",
    "admin",
    "doctor",
    "conformance",
    "terminal",
  ],
  demo: [...BELOW_SERVICE, "service", "sdk", "wallet", "capabilities", "cli"],
};

/** Packages for rooms that have no business with the outside; they run in a browser. */
const PACKAGES = [
  "@adraffy/ens-normalize",
  "@noble/ciphers",
  "@noble/curves",
  "@noble/ed25519",
  "@noble/hashes",
  "@noble/secp256k1",
  "zod",
];
/** Of those rooms: what one takes beside the packages, and no other may. Each has to be in use. */
const FURTHER_MODULES: Readonly<Record<string, readonly string[]>> = {
  // records by their standards, and nameprep, by which dm3's clients fold names; the SDK does not reach this room
  registry: ["multiformats", "@ensdomains/address-encoder", "@ethersproject/strings"],
  codecs: ["openpgp", "postal-mime"], // loaded when the first mail is written or read
  sealing: ["node:crypto"], // AES-GCM, and keys that show nothing of themselves
};

/** Network, clock, chance and environment. */
const OUTSIDE =
  /\b(process\.|Buffer\b|Date\.now|new Date\(\)|performance\.|\w*[rR]andom\w*\(|Math\.random|crypto\.|fetch\(|setTimeout|setInterval|require\(|console\.)/g;
/** Of the same rooms: what one uses of the outside, and no other may. Each has to be in use. */
const USES: Readonly<Record<string, readonly string[]>> = {
  fetch: ["fetch(", "performance.", "setTimeout"],
  codecs: ["Date.now"], // a signature from the future is none
  lookup: ["Date.now", "performance.", "setTimeout"], // a node that is behind; how long profiles are kept; requests of one turn
  sealing: ["randomBytes(", "randomUUID("], // data keys, their ids, and nonces
  wallet: ["Date.now"],
  "service-client": ["Date.now", "setTimeout"], // between two looks at what changed
  messenger: ["Date.now", "setTimeout"],
  "xmpp-client": ["Date.now"],
};

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

/** The package, or module of Node, of an import that is no file of ours: "@noble/hashes" of "@noble/hashes/utils.js". */
const packageOf = (specifier: string) =>
  specifier.startsWith("node:")
    ? specifier
    : specifier.split("/", specifier.startsWith("@") ? 2 : 1).join("/");

const usesOfOutside = (code: string) => [...code.matchAll(OUTSIDE)].map(([use]) => use);

/** The rooms of the README, from the top to the bottom, by the name of their group. */
async function roomsOfReadme(): Promise<ReadonlyMap<string, readonly string[]>> {
  const groups = new Map<string, string[]>();
  let group: string[] = [];
  for (const line of (await readFile(new URL("README.md", SRC), "utf8")).split("\n")) {
    const [, cell = ""] = /^\| ([^|]*)\|/.exec(line) ?? [];
    const [, heading] = /^\*\*([\w ]+)\*\*/.exec(cell) ?? [];
    if (heading !== undefined) groups.set(heading, (group = []));
    group.push(...[...cell.matchAll(/\]\(([\w-]+)(?:\.ts)?\)/g)].map(([, room = ""]) => room));
  }
  return groups;
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
        const imports = [
          ...code.matchAll(/(?<!["'])\b(?:from|import)\s*\(?\s*["']([^"']+)["']/g),
        ].map(([, specifier = ""]) => specifier);
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

  it("keep DM3's level 2 an extension: a messenger knows it by a port, and the SDK alone joins them", () => {
    const mayImportIt = Object.entries(MAY_IMPORT).filter(([, others]) =>
      others.includes("storage-client"),
    );
    expect(mayImportIt.map(([room]) => room)).to.deep.equal(["sdk"]);
    const joining = sources.filter(
      (source) =>
        source.part === "sdk" &&
        filesImported(source).some((file) => partOf(file) === "storage-client"),
    );
    expect(joining.map(({ file }) => file).sort()).to.deep.equal([
      ...["sdk/storage.ts", "sdk/storageNode.ts", "sdk/storageSurface.ts"],
    ]);
  });

  it("let nothing but its own parts, the list of capabilities and the demo know the storage, which is an extension", () => {
    const knowing = sources.filter((source) =>
      filesImported(source).some((file) => /(^|\/)storage\//.test(file)),
    );
    const rooms = new Set(knowing.map(({ part }) => part));
    expect([...rooms].sort()).to.deep.equal([
      ...["capabilities/list", "capabilities/storage", "db", "demo", "http", "storage"],
    ]);
    const folders = knowing.map(({ file }) => posix.dirname(file));
    const ofAdapters = folders.filter((folder) => /^(db|http)\b/.test(folder));
    expect([...new Set(ofAdapters)].sort()).to.deep.equal(["db/storage", "http/storage"]);
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

  it("are what the README tells: each room imports some of those above it", async () => {
    const groups = await roomsOfReadme();
    const rooms = [...groups.values()].flat();
    const ofTest = new Set(Object.keys(MAY_IMPORT).map((room) => room.split("/")[0]!));
    expect([...rooms].sort()).to.deep.equal([...ofTest].sort());
    expect(groups.get("Pure")).to.have.members(PURE);
    expect([...PURE, ...(groups.get("Core") ?? [])]).to.have.members(CORE);
    expect(groups.get("Adapters")).to.have.members(ADAPTERS);
    expect(groups.get("Clients")).to.have.members(CLIENTS);
    const wrong = Object.entries(MAY_IMPORT).flatMap(([room, others]) => {
      const above = rooms.slice(0, rooms.indexOf(room.split("/")[0]!) + 1);
      return others
        .filter((other) => !above.includes(other.split("/")[0]!))
        .map((other) => `${other} stands below ${room}`);
    });
    expect(wrong).to.deep.equal([]);
    for (const adapter of ADAPTERS) {
      expect(ADAPTERS.filter((other) => isIn(other, MAY_IMPORT[adapter]!))).to.deep.equal([]);
    }
  });

  const inward = () => sources.filter(({ part }) => isIn(part, [...CORE, ...CLIENTS]));
  const roomOf = ({ part }: Source) => part.split("/")[0]!;

  it("keep Node, servers and databases out of the pure rooms, the core and the clients", () => {
    const taken = inward().flatMap((source) =>
      source.imports
        .filter((specifier) => !specifier.startsWith("."))
        .map(packageOf)
        .filter((name) => !PACKAGES.includes(name))
        .map((name) => ({ room: roomOf(source), name, line: `${source.file}: ${name}` })),
    );
    const mayTake = ({ room, name }: { room: string; name: string }) =>
      FURTHER_MODULES[room]?.includes(name) === true;
    expect(taken.filter((one) => !mayTake(one)).map(({ line }) => line)).to.deep.equal([]);
    for (const [room, names] of Object.entries(FURTHER_MODULES)) {
      const inUse = taken.filter((one) => one.room === room).map(({ name }) => name);
      expect(inUse, room).to.include.members([...names]);
    }
  });

  it("keep network, clock, chance and environment out of them, but for what is listed", () => {
    const used = inward().flatMap((source) =>
      usesOfOutside(source.code).map((use) => ({
        ...{ room: roomOf(source), use },
        line: `${source.file}: ${use}`,
      })),
    );
    const mayUse = ({ room, use }: { room: string; use: string }) =>
      USES[room]?.includes(use) === true;
    expect(used.filter((one) => !mayUse(one)).map(({ line }) => line)).to.deep.equal([]);
    for (const [room, uses] of Object.entries(USES)) {
      const inUse = used.filter((one) => one.room === room).map(({ use }) => use);
      expect(inUse, room).to.include.members([...uses]);
    }
  });

  it("would notice", () => {
    const outside = ["process.env", "Date.now()", "fetch(url)", "Buffer.from(x)", "randomBytes(3)"];
    for (const code of outside) expect(usesOfOutside(code), code).to.have.length(1);
    expect(usesOfOutside("utils.randomSecretKey()")).to.deep.equal(["randomSecretKey("]);
    expect(usesOfOutside("new Date(ms)")).to.deep.equal([]);
    expect(packageOf("@noble/hashes/utils.js")).to.equal("@noble/hashes");
    expect(packageOf("multiformats/cid")).to.equal("multiformats");
    expect(packageOf("node:fs/promises")).to.equal("node:fs/promises");
    expect(partOf("embedded-postgres/cluster.ts")).to.equal("embedded-postgres");
    expect(partOf("registry/names/nameState.ts")).to.equal("registry/names");
    expect(partOf("registry/store.ts")).to.equal("registry/store");
    expect(partOf("capabilities/status/statusRoute.ts")).to.equal("capabilities/status");
    expect(isIn("capabilities/registry", MAY_IMPORT["capabilities/status"]!)).to.equal(false);
    expect(isIn("capabilities/registry", MAY_IMPORT["cli"]!)).to.equal(true);
    expect(isIn("registry/names", CORE)).to.equal(true);
    expect(isIn("registry/names", MAY_IMPORT["registry/domains"]!)).to.equal(false);
    const file = (name: string, ...imports: string[]) => ({ file: name, imports });
    const around = [file("x.ts", "./a/b.js"), file("a/b.ts", "./c.js"), file("a/c.ts", "./b.js")];
    expect(circleIn(around)).to.deep.equal(["a/b.ts", "a/c.ts", "a/b.ts"]);
  });
});

function withoutComments(code: string): string {
  return code.replace(/\/\*[^]*?\*\//g, "").replace(/^\s*\/\/.*$|\s\/\/ .*$/gm, "");
}
