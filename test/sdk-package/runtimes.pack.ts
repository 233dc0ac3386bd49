/** The SDK's package under each Node and each TypeScript that its README promises, as npm brings them. */
import { execFile } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect } from "chai";
import { type UnpackedSdk, unpackSdk } from "../../bench/sdk/unpackedSdk.js";
import type { DemoWorld } from "../../src/demo/demoWorld.js";
import { removeFolder, temporaryFolder } from "../childProgram.js";
import { startTestWorld } from "../e2e/testWorld.js";

const run = promisify(execFile);

const NODES = ["20.19.4", "22.19.0", "24.8.0"];
/** The oldest and the newest; the one that we have ourselves is in sdkPackage.pack.ts. */
const COMPILERS = ["5.4.5", "7.0.2"];
const INSTALL_TIMEOUT_MS = 300_000;

const OLD_RESOLUTION = [
  "node10, CommonJS",
  "app.ts",
  { module: "commonjs", moduleResolution: "node10" },
] as const;
const RESOLUTIONS = [
  ["bundler", "app.ts", { module: "esnext", moduleResolution: "bundler" }],
  ["nodenext", "app.mts", { module: "nodenext" }],
  ["node16, CommonJS", "app.cts", { module: "node16" }],
] as const;

describe("signpost-sdk under", function () {
  this.timeout(180_000);
  let sdk: UnpackedSdk;
  let tools: string;
  let world: DemoWorld;
  let example: string;

  before(async function () {
    this.timeout(INSTALL_TIMEOUT_MS);
    sdk = await unpackSdk();
    world = await startTestWorld();
    tools = await temporaryFolder();
    const node = `node-${process.platform}-${process.arch}`;
    await writeFile(join(tools, "package.json"), '{"private":true}');
    await run(
      "npm",
      [
        ...["install", "--no-audit", "--no-fund", "--ignore-scripts"],
        ...NODES.map((version) => `node-${version}@npm:${node}@${version}`),
        ...COMPILERS.map((version) => `typescript-${version}@npm:typescript@${version}`),
      ],
      { cwd: tools },
    );
    const readme = await readFile(join(sdk.packages.get("signpost-sdk")!, "README.md"), "utf8");
    example = /```ts\n([^]*?)```/.exec(readme)?.[1] ?? "";
    expect(example).to.include("resolveProfile(");
  });
  after(async () => {
    await world.stop();
    await sdk.remove();
    await removeFolder(tools);
  });

  for (const version of NODES) {
    it(`Node ${version}: finds a profile, as ES module and as CommonJS`, async () => {
      const node = join(tools, "node_modules", `node-${version}`, "bin", "node");
      expect((await run(node, ["--version"])).stdout.trim()).to.equal(`v${version}`);
      const options = JSON.stringify({
        rpc: world.chain.rpcUrl,
        universalResolver: world.ens.universalResolver,
        allowLoopback: true,
      });
      const { name, address } = world.people[0]!;
      const look = `resolveProfile("${name}", { ...${options}, signal: new AbortController().signal })
        .then((outcome) => console.log(outcome.status, outcome.address))`;
      for (const [kind, program] of [
        ["module", `import { resolveProfile } from "signpost-sdk"; await ${look};`],
        ["commonjs", `const { resolveProfile } = require("signpost-sdk"); ${look};`],
      ] as const) {
        const { stdout, stderr } = await run(node, [`--input-type=${kind}`, "-e", program], {
          cwd: sdk.folder,
        });
        expect(stdout.trim(), kind).to.equal(`found ${address}`);
        // no warning of a leak, of an experiment, or of something that goes
        expect(stderr, kind).to.equal("");
      }
    });
  }

  for (const version of COMPILERS) {
    // TypeScript 7 knows it no more
    const resolutions = version.startsWith("7") ? RESOLUTIONS : [...RESOLUTIONS, OLD_RESOLUTION];
    for (const [resolution, file, options] of resolutions) {
      it(`TypeScript ${version}, ${resolution}: has its types, and checks them`, async () => {
        expect(await complaints(version, file, options)).to.match(
          /^app\.\w+\(\d+,\d+\): error TS2322: Type '`0x\$\{string\}`' is not assignable to type 'number'\.\s*$/,
        );
      });
    }
  }

  /** What the compiler prints for the README's example and one wrong line, in a project of its own. */
  async function complaints(version: string, file: string, options: object): Promise<string> {
    // of a CommonJS module, which has no await at its top
    const [imports = "", ...body] = example.trimEnd().split("\n");
    const wrong = `if (outcome.status === "found") { const to: number = outcome.address; void to; }`;
    const code = [imports, "export async function main() {", ...body, wrong, "}"].join("\n");
    const compilerOptions = {
      ...{ strict: true, noEmit: true, skipLibCheck: false, types: [], target: "es2022" },
      ...{ lib: ["es2022", "dom", "dom.iterable"], exactOptionalPropertyTypes: true },
      ...options,
    };
    await writeFile(join(sdk.folder, file), code);
    await writeFile(
      join(sdk.folder, "tsconfig.json"),
      JSON.stringify({ compilerOptions, files: [file] }),
    );
    const tsc = join(tools, "node_modules", `typescript-${version}`, "bin", "tsc");
    return run(process.execPath, [tsc, "-p", "."], { cwd: sdk.folder }).then(
      ({ stdout }) => stdout,
      (error: unknown) => (error as { stdout: string }).stdout,
    );
  }
});
