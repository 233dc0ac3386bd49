/** The SDK's package, from its tarball alone: how it is loaded, what compilers see, what it costs an app. */
import { execFile } from "node:child_process";
import { once } from "node:events";
import { readFile, realpath, symlink, unlink, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { promisify } from "node:util";
import { createContext, runInContext } from "node:vm";
import { expect } from "chai";
import ts from "typescript";
import {
  bundle,
  type BundleFile,
  gzipBytesOf,
  sdkFigures,
  splitBundle,
} from "../../bench/sdk/figures.js";
import { manifestOf, type UnpackedSdk, unpackSdk } from "../../bench/sdk/unpackedSdk.js";
import * as messageSources from "../../src/sdk/messagesNode.js";
import * as sources from "../../src/sdk/node.js";
import * as mailSources from "../../src/sdk/openpgpMimeNode.js";
import * as storageSources from "../../src/sdk/storageNode.js";
import * as xmppSources from "../../src/sdk/xmppNode.js";
import { removeFolder, temporaryFolder } from "../childProgram.js";

const run = promisify(execFile);

const USE = `
sdk.resolveProfile("alice.eth", { rpc: 7 }).then(
  () => { throw new Error("expected a refusal"); },
  (error) => {
    if (!sdk.isSignpostError(error, "INVALID_REQUEST")) throw error;
    console.log(JSON.stringify(Object.keys(sdk).filter((name) => name !== "default" && name !== "module.exports").sort()));
  },
);`;

/** Written by the entry for messengers, and read by it. */
const NOTE_TO_ONESELF = `
(async () => {
  const keys = await messages.openMessageKeys(new Uint8Array(32).fill(3));
  const base64 = (bytes) => Buffer.from(bytes).toString("base64");
  const profile = {
    publicEncryptionKey: base64(keys.encryptionKey.publicKey),
    publicSigningKey: base64(keys.signingKey.publicKey),
    url: "https://relay.example/dm3",
  };
  const receiver = { profile, relayNodes: [{ status: "found", name: "relay.eth", profile }] };
  const given = { type: "NEW", text: "note", from: "a.eth", to: "a.eth", timestampMs: 1 };
  const { envelopes } = await messages.encodeMessage(given, { keys, receiver });
  const { content } = await messages.decodeMessage(envelopes[0].envelope, {
    keys, ownNames: ["a.eth"], contactOf: () => ({ profile }),
  });
  const names = Object.keys(messages).filter((name) => !/^default$|^module/.test(name)).sort();
  console.log(JSON.stringify({ names, content }));
})();`;

/** Without opened keys, which it says at once. */
const NO_KEYS = `
try {
  xmpp.createXmppMessenger({ keys: {} });
} catch (error) {
  if (!xmpp.isSignpostError(error, "INVALID_REQUEST")) throw error;
  console.log(JSON.stringify(Object.keys(xmpp).filter((name) => !/^default$|^module/.test(name)).sort()));
}`;

/** Without an URL, which it says at once. */
const NO_URL = `
try {
  storage.createStorage({});
} catch (error) {
  if (!storage.isSignpostError(error, "INVALID_REQUEST")) throw error;
  console.log(JSON.stringify(Object.keys(storage).filter((name) => !/^default$|^module/.test(name)).sort()));
}`;

/** Written by the entry for encrypted mail, and read by it. */
const MAIL_TO_ONESELF = `
(async () => {
  const address = "a.eth@mail.example";
  const { privateKey, certificate } = await mail.makeMailKey({ address });
  const content = { type: "NEW", text: "note", files: [] };
  const messageId = mail.newMessageId(new Uint8Array(16), "mail.example");
  const given = { from: address, to: [address], dateMs: 1, messageId, content };
  const entity = await mail.encodeMail(given, { privateKey, certificates: [certificate] });
  const decoded = await mail.decodeMail(entity, {
    privateKeys: [privateKey], ownAddresses: [address],
    senders: { ofAddress: async () => [certificate], isKnown: async () => false },
  });
  const names = Object.keys(mail).filter((name) => !/^default$|^module/.test(name)).sort();
  console.log(JSON.stringify({ names, content: decoded.content }));
})();`;

/** What a compiler has to know of the entry for messengers: which content a type has, and which details a code. */
const MESSAGES_TYPED = `import { decodeMessage, type DecodeOptions, isSignpostError } from "signpost-sdk/messages";
const options: DecodeOptions | undefined = undefined;
const outcome = await decodeMessage("{}", options!);
if (outcome.content.type === "REPLY") { const about: string = outcome.content.reference; void about; }
if (isSignpostError(outcome, "WRONG_HASH")) { const hash: string = outcome.details.claimed; void hash; }
`;

const { ModuleKind, ModuleResolutionKind } = ts;

/** By the name that projects know them by. */
const COMPILERS: Readonly<Record<string, [file: string, ts.CompilerOptions]>> = {
  bundler: [
    "app.ts",
    { module: ModuleKind.ESNext, moduleResolution: ModuleResolutionKind.Bundler },
  ],
  nodenext: [
    "app.mts",
    { module: ModuleKind.NodeNext, moduleResolution: ModuleResolutionKind.NodeNext },
  ],
  "node16, CommonJS": [
    "app.cts",
    { module: ModuleKind.Node16, moduleResolution: ModuleResolutionKind.Node16 },
  ],
  node10: [
    "app.ts",
    {
      module: ModuleKind.CommonJS,
      // eslint-disable-next-line @typescript-eslint/no-deprecated -- projects have it
      moduleResolution: ModuleResolutionKind.Node10,
      ignoreDeprecations: "6.0",
    },
  ],
};

describe("signpost-sdk", () => {
  let sdk: UnpackedSdk;
  let readme: string;
  let example: string;

  before(async () => {
    sdk = await unpackSdk();
    readme = await readFile(join(sdk.folder, "node_modules/signpost-sdk/README.md"), "utf8");
    example = /```ts\n([^]*?)```/.exec(readme)?.[1] ?? "";
    expect(example).to.include("resolveProfile(");
  });
  after(() => sdk.remove());

  it("has the version of the service, and dependencies with exact versions", async () => {
    const [ours, theirs] = await Promise.all([
      manifestOf("."),
      manifestOf(sdk.packages.get("signpost-sdk")!),
    ]);
    expect(theirs.version).to.equal(ours.version);
    for (const [name, version] of Object.entries(theirs.dependencies ?? {})) {
      expect(version, name).to.match(/^\d+\.\d+\.\d+$/);
      expect((await manifestOf(sdk.packages.get(name)!)).version, name).to.equal(version);
    }
  });

  it("tells in its README every option that there is, and no other", async () => {
    const program = `import { resolveProfile } from "signpost-sdk";
      resolveProfile("a.eth", { x: 1 }).catch((error) => console.log(error.message));`;
    const { stdout } = await run(process.execPath, ["--input-type=module", "-e", program], {
      cwd: sdk.folder,
    });
    const [, options = ""] = /The options are (.*)\./.exec(stdout) ?? [];
    const [, table = ""] = /^\| option [^]*?$([^]*?)\n\n/m.exec(readme) ?? [];
    const told = [...table.matchAll(/^\| `(\w+)`/gm)].map(([, name]) => name);
    expect(told).to.have.members(options.split(", "));
  });

  it("brings a reference of everything that it exports", async () => {
    const reference = await readFile(join(sdk.packages.get("signpost-sdk")!, "API.md"), "utf8");
    const told = Array.from(reference.matchAll(/^### ([\w\\]+)/gm), ([, name = ""]) =>
      name.replaceAll("\\", ""),
    );
    expect(told).to.include.members(exported);
    expect(told).to.include.members(["ResolveOptions", "FoundProfile", "ErrorDetails"]);
    expect(reference).to.include("Lets gateways and links be on this machine.");
  });

  const exported = Object.keys(sources).sort();

  it("is imported as an ES module", async () => {
    const program = `import * as sdk from "signpost-sdk";${USE}`;
    const { stdout } = await run(process.execPath, ["--input-type=module", "-e", program], {
      cwd: sdk.folder,
    });
    expect(JSON.parse(stdout)).to.deep.equal(exported);
  });

  it("is required as CommonJS", async () => {
    const program = `const sdk = require("signpost-sdk");${USE}`;
    const { stdout } = await run(process.execPath, ["-e", program], { cwd: sdk.folder });
    expect(JSON.parse(stdout)).to.deep.equal(exported);
  });

  for (const [kind, program] of [
    ["imported as an ES module", 'import * as messages from "signpost-sdk/messages";'],
    ["required as CommonJS", 'const messages = require("signpost-sdk/messages");'],
  ] as const) {
    it(`has an entry for messengers, which is ${kind}, and no libsodium`, async () => {
      const type = kind.startsWith("imported") ? "module" : "commonjs";
      const { stdout } = await run(
        process.execPath,
        [`--input-type=${type}`, "-e", program + NOTE_TO_ONESELF],
        { cwd: sdk.folder },
      );
      expect(JSON.parse(stdout)).to.deep.equal({
        names: Object.keys(messageSources).sort(),
        content: { type: "NEW", text: "note" },
      });
      expect([...sdk.packages.keys()].filter((name) => /sodium/.test(name))).to.deep.equal([]);
    });
  }

  for (const [kind, program] of [
    ["imported as an ES module", 'import * as storage from "signpost-sdk/storage";'],
    ["required as CommonJS", 'const storage = require("signpost-sdk/storage");'],
  ] as const) {
    it(`has an entry for a storage of conversations, which is ${kind}`, async () => {
      const type = kind.startsWith("imported") ? "module" : "commonjs";
      const { stdout } = await run(
        process.execPath,
        [`--input-type=${type}`, "-e", program + NO_URL],
        { cwd: sdk.folder },
      );
      expect(JSON.parse(stdout)).to.deep.equal(Object.keys(storageSources).sort());
    });
  }

  for (const [kind, program] of [
    ["imported as an ES module", 'import * as xmpp from "signpost-sdk/xmpp";'],
    ["required as CommonJS", 'const xmpp = require("signpost-sdk/xmpp");'],
  ] as const) {
    it(`has an entry for apps of XMPP servers, which is ${kind}`, async () => {
      const type = kind.startsWith("imported") ? "module" : "commonjs";
      const { stdout } = await run(
        process.execPath,
        [`--input-type=${type}`, "-e", program + NO_KEYS],
        { cwd: sdk.folder },
      );
      expect(JSON.parse(stdout)).to.deep.equal(Object.keys(xmppSources).sort());
    });
  }

  for (const [kind, program] of [
    ["imported as an ES module", 'import * as mail from "signpost-sdk/openpgp-mime";'],
    ["required as CommonJS", 'const mail = require("signpost-sdk/openpgp-mime");'],
  ] as const) {
    it(`has an entry for encrypted mail, which is ${kind}, and says which packages it needs`, async () => {
      const type = kind.startsWith("imported") ? "module" : "commonjs";
      const folder = join(sdk.folder, "node_modules");
      const noted = async () => {
        const all = [`--input-type=${type}`, "-e", program + MAIL_TO_ONESELF];
        return run(process.execPath, all, { cwd: sdk.folder });
      };
      const refusal = await noted().then(
        () => "",
        (error: unknown) => String(error),
      );
      expect(refusal).to.include("npm install openpgp");
      for (const name of ["openpgp", "postal-mime"]) {
        await symlink(await realpath(join("node_modules", name)), join(folder, name));
      }
      try {
        expect(JSON.parse((await noted()).stdout)).to.deep.equal({
          names: Object.keys(mailSources).sort(),
          content: { type: "NEW", text: "note", files: [] },
        });
      } finally {
        for (const name of ["openpgp", "postal-mime"]) await unlink(join(folder, name));
      }
    });
  }

  for (const [file, exports, word] of [
    ["MESSAGES.md", messageSources, "RECEIVER_MISMATCH"],
    ["STORAGE.md", storageSources, "SIGN_IN_REFUSED"],
    ["XMPP.md", xmppSources, "GATEWAY_REFUSED"],
    ["OPENPGP_MIME.md", mailSources, "CHANGED_CERTIFICATE"],
  ] as const) {
    it(`brings a reference of each further entry: ${file}`, async () => {
      const reference = await readFile(join(sdk.packages.get("signpost-sdk")!, file), "utf8");
      const told = reference.replaceAll("\\", "");
      for (const name of Object.keys(exports)) expect(told).to.include(`### ${name}`);
      expect(reference).to.include(word);
    });
  }

  it("is required by test runners that load no ES modules: nothing is left to load", async () => {
    for (const entry of ["index", "messages", "storage", "xmpp"]) {
      const code = await readFile(
        join(sdk.folder, `node_modules/signpost-sdk/cjs/sdk/${entry}.js`),
        "utf8",
      );
      expect(code.match(/\brequire\("[^"]*"\)|\bimport\(/g), entry).to.equal(null);
    }
    const underNode = await readFile(
      join(sdk.folder, "node_modules/signpost-sdk/cjs/sdk/node.js"),
      "utf8",
    );
    const loaded = [...underNode.matchAll(/\brequire\("([^"]*)"\)|\bimport\(/g)].map(
      ([, of]) => of,
    );
    expect([...new Set(loaded)].sort()).to.deep.equal(["node:dns", "undici"]);
  });

  for (const [name, [file, options]] of Object.entries(COMPILERS)) {
    it(`shows its types under ${name}, to those who check libraries as well`, () => {
      expect(complaints(join(sdk.folder, file), example, options)).to.deep.equal([]);
      const typed =
        '\nif (outcome.status === "found") { const to: `0x${string}` = outcome.address; void to; }';
      expect(complaints(join(sdk.folder, file), example + typed, options)).to.deep.equal([]);
      const wrong = `${example}\nexport const late: string = outcome.status === "found" ? outcome.profile : "";`;
      expect(complaints(join(sdk.folder, file), wrong, options)).to.have.length(1);
      expect(complaints(join(sdk.folder, file), MESSAGES_TYPED, options)).to.deep.equal([]);
    });
  }

  it("has declarations that TypeScript 5.4 reads", () => {
    const modules = [...sdk.packages.values()][0]!;
    const program = ts.createProgram([join(modules, "esm/sdk/node.d.ts")], {
      module: ModuleKind.NodeNext,
      noEmit: true,
    });
    const declarations = program
      .getSourceFiles()
      .filter(({ fileName }) => fileName.startsWith(modules));
    expect(declarations.length).to.be.above(30);
    for (const { fileName, text } of declarations) {
      expect(text, fileName).not.to.match(/Uint8Array<|"(?:zod|undici)"/);
    }
  });

  it("works where the runtime has less than browsers have: React Native, old ones", async () => {
    const node = createServer((_request, response) => {
      response.end('{"jsonrpc":"2.0","id":1,"error":{"code":-32000,"message":"busy today"}}');
    }).listen(0, "127.0.0.1");
    await once(node, "listening");
    const { port } = node.address() as AddressInfo;
    const program = `
      for (const [of, name] of [[URL, "canParse"], [AbortSignal, "any"], [AbortSignal, "timeout"]]) delete of[name];
      Object.defineProperty(Response.prototype, "body", { value: undefined });
      globalThis.TextDecoder = class extends TextDecoder {
        constructor(label, options) {
          if (options?.fatal) throw new TypeError("fatal is not supported");
          super(label, options);
        }
      };
      const { resolveProfile } = await import("./node_modules/signpost-sdk/esm/sdk/index.js");
      console.log(JSON.stringify(await resolveProfile("alice.eth", { rpc: "http://127.0.0.1:${port}" })));`;
    try {
      const { stdout } = await run(process.execPath, ["--input-type=module", "-e", program], {
        cwd: sdk.folder,
      });
      expect(JSON.parse(stdout)).to.include({ status: "unreachable" });
      expect(stdout).to.include("busy today");
    } finally {
      node.close();
    }
  });

  it("costs an app no more than it may", async () => {
    const figures = await sdkFigures(sdk);
    expect(figures.sdkGzipKb).to.be.within(20, 60);
    expect(figures.sdkErrorGzipKb).to.be.within(0.1, 2);
    expect(figures.sdkMessagesGzipKb).to.be.within(20, 90);
    expect(figures.sdkStorageGzipKb).to.be.within(2, 11);
    expect(figures.sdkXmppGzipKb).to.be.within(20, 98);
    expect(figures.sdkPackages).to.be.within(2, 15);
    expect(figures.sdkMb).to.be.within(1, 25);
  });

  it("loads in browsers without both curves, and there alone, what stands in for them", async () => {
    const { atStart, later } = await splitBundle(sdk, 'export * from "signpost-sdk/messages";');
    const isCurves = (file: string) => /@noble\/(?:curves|ed25519)/.test(file);
    expect(atStart.flatMap(({ inputs }) => inputs).filter(isCurves)).to.deep.equal([]);
    expect(later.flatMap(({ inputs }) => inputs).filter(isCurves)).not.to.deep.equal([]);
    expect(gzipBytesOf(later)).to.be.below(15_000);

    const app = await temporaryFolder();
    const program = `
      const messages = await import("./stdin.js");
      const storageKey = new Uint8Array(32).fill(3);
      const open = () => messages.openMessageKeys(storageKey).then(
        ({ signingKey }) => signingKey.sign(new Uint8Array(1)) instanceof Promise ? "WebCrypto" : "JavaScript",
        ({ code, message }) => code + ": " + message,
      );
      const { crypto } = globalThis;
      const use = (value) => Object.defineProperty(globalThis, "crypto", { value, configurable: true });
      const said = [];
      for (const web of [undefined, { getRandomValues: crypto.getRandomValues.bind(crypto) }, crypto]) {
        use(web);
        said.push(await open());
      }
      console.log(JSON.stringify(said));`;
    const opened = async (files: readonly BundleFile[]) => {
      await writeFile(join(app, "package.json"), '{"type":"module"}');
      for (const { name, bytes } of files) await writeFile(join(app, name), bytes);
      const { stdout } = await run(process.execPath, ["--input-type=module", "-e", program], {
        cwd: app,
      });
      return JSON.parse(stdout) as readonly string[];
    };
    try {
      const [none, unloaded, web] = await opened(atStart);
      expect(none).to.match(/^INVALID_CONFIGURATION: /);
      expect(unloaded).to.match(/^UNREACHABLE: .*serve every file/);
      expect(web).to.equal("WebCrypto");
      expect(await opened(later)).to.deep.equal([none, "JavaScript", "JavaScript"]);
    } finally {
      await removeFolder(app);
    }
  });

  it("brings neither curve to apps of XMPP servers, but where a browser lacks both", async () => {
    const { atStart } = await splitBundle(sdk, 'export * from "signpost-sdk/xmpp";');
    const inputs = atStart.flatMap((one) => one.inputs);
    expect(inputs.filter((file) => file.includes("@noble/curves"))).to.deep.equal([]);
    expect(inputs.filter((file) => file.includes("xmpp-client/"))).not.to.deep.equal([]);
  });

  it("runs under a strict Content Security Policy: nothing compiles text", async () => {
    const all =
      'export * from "signpost-sdk"; export * from "signpost-sdk/messages"; export * from "signpost-sdk/storage"; export * from "signpost-sdk/xmpp";';
    const { code, inputs } = await bundle(sdk, all);
    expect(code).not.to.match(/\bnew Function\b|\beval\(|\bFunction\(/);
    expect(inputs.filter((file) => /zod|multiformats|ipaddr|undici/.test(file))).to.deep.equal([]);
    const context = createContext(
      { console, TextEncoder, TextDecoder, URL, performance },
      { codeGeneration: { strings: false, wasm: false } },
    );
    const encoded = runInContext(
      `${code}; sdk.isSignpostError(new sdk.SignpostError("NOT_FOUND", "No.")) && sdk.DEFAULT_TIMEOUT_MS`,
      context,
    ) as unknown;
    expect(encoded).to.equal(15_000);
  });

  it("leaves out of a bundle what an app does not use", async () => {
    const { code, inputs } = await bundle(sdk, 'import "signpost-sdk";');
    expect(code.length).to.be.below(100);
    expect(inputs.filter((file) => file.includes("node_modules"))).to.deep.equal([]);
  });
});

function complaints(app: string, source: string, options: ts.CompilerOptions): string[] {
  const all: ts.CompilerOptions = {
    strict: true,
    noEmit: true,
    types: [],
    target: ts.ScriptTarget.ES2022,
    lib: ["lib.es2022.d.ts", "lib.dom.d.ts", "lib.dom.iterable.d.ts"],
    // as Vite, Next and Expo have it
    skipLibCheck: false,
    ...options,
  };
  const host = ts.createCompilerHost(all);
  // of a CommonJS module, which has no await at its top
  const body = source.replace(/^import .*$/m, "");
  const [imports = ""] = /^import .*$/m.exec(source) ?? [];
  const code = `${imports}\nexport async function main(): Promise<unknown> {\n${body.replace(/^export const/m, "const")}\nreturn outcome;\n}`;
  const file = ts.createSourceFile(app, code, {
    languageVersion: ts.ScriptTarget.ES2022,
    impliedNodeFormat: app.endsWith(".mts") ? ModuleKind.ESNext : ModuleKind.CommonJS,
  });
  const program = ts.createProgram([app], all, {
    ...host,
    fileExists: (name) => name === app || host.fileExists(name),
    getSourceFile: (name, ...rest) => (name === app ? file : host.getSourceFile(name, ...rest)),
  });
  return ts
    .getPreEmitDiagnostics(program)
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n"));
}
