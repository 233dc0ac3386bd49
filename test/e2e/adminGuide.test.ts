/** The commands of docs/guides/for-admins.md, word for word and in their order, against a chain and gateways that are real. */
import { expect } from "chai";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, open, readFile, symlink, writeFile } from "node:fs/promises";
import { request } from "node:http";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { readResolver } from "../../src/chain/resolverState.js";
import { openScratchDatabase } from "../../src/db/scratchDatabase.js";
import { type LocalChain, startLocalChain } from "../../src/demo/localChain.js";
import { type LocalEns, deployLocalEns } from "../../src/demo/localEns.js";
import { removeFolder, temporaryFolder } from "../childProgram.js";
import { type LoopbackServer, serve } from "../sdk/loopbackServer.js";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const GUIDE = join(ROOT, "docs/guides/for-admins.md");
/** What the commands need of a clone. They write into the folder that they run in: it is not the clone itself. */
const CLONE = [
  ...["package.json", "node_modules", "artifacts", "contracts", "bin", "dist", "scripts", "src"],
  ...["hardhat.config.ts", "tsconfig.json"],
];
const READY =
  "node scripts/ready.mjs                            # installs and builds, once; about a minute";

describe("e2e: the guide for admins", function () {
  this.timeout(180_000);
  let chain: LocalChain;
  let ens: LocalEns;
  let database: Awaited<ReturnType<typeof openScratchDatabase>>;
  let proxy: LoopbackServer;
  let folder: string;
  let shell: ChildProcess | undefined;

  before(async () => {
    chain = await startLocalChain();
    ens = await deployLocalEns(chain.admin);
    await ens.setResolver("users.example.eth", "0x0000000000000000000000000000000000000000");
    database = await openScratchDatabase();
    folder = await temporaryFolder();
    for (const part of CLONE) {
      await symlink(join(ROOT, part), join(folder, part));
    }
    await writeFile(join(folder, ".env"), `DATABASE_URL=${database.url}\n`);
    await mkdir(join(folder, "started"));
    // where the proxy passes requests on to: the guide's admin edits its configuration, the script writes this file
    const target = join(folder, "proxy-target");
    proxy = await serve((incoming, outgoing) => {
      void readFile(target, "utf8").then((origin) => {
        const { method, headers, url = "/" } = incoming;
        const forward = request(new URL(url, origin.trim()), { method, headers }, (answer) => {
          outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
          answer.pipe(outgoing);
        });
        forward.on("error", () => outgoing.writeHead(502).end());
        incoming.pipe(forward);
      });
    });
  });
  after(async () => {
    if (shell?.pid !== undefined && shell.exitCode === null) process.kill(-shell.pid);
    await proxy.close();
    await removeFolder(folder);
    await database.close();
    await chain.stop();
  });

  it("leads from an owner key to a rotated, moved resolver in other hands", async () => {
    const accounts = (await chain.provider.listAccounts()).map(({ address }) => address);
    const [owner = "", newOwner = ""] = accounts;
    const values: Readonly<Record<string, string>> = {
      "export RPC_URL": chain.rpcUrl,
      CHAIN: String(chain.chainId),
      // the script has no terminal to be asked on
      ACCOUNT: `"--rpc-account ${owner} --yes"`,
      ENS: `"--registry ${ens.registry}"`,
      DOCTOR: `"$ENS --allow-loopback --universal-resolver ${ens.universalResolver}"`,
      DOMAIN: "users.example.eth",
      GATEWAY: proxy.url,
      SIGNER: "$(signer_of 1)",
      RESOLVER: "$(deployed_resolver)",
      NEW_SIGNER: "$(new_signer)",
      PROCESS: "$(cat started/1.pid)",
      // the gateway itself, past its proxy
      NEW_GATEWAY: "$(origin_of 1)",
      NEW_OWNER: newOwner,
      NEW_ACCOUNT: `"--rpc-account ${newOwner} --yes"`,
    };
    const manual: Readonly<Record<string, string>> = {
      // `npm test` has done it; here it could replace node_modules under the tests' feet
      [READY]: ":",
    };
    const done: string[] = [];
    const commands = shellLines(await readFile(GUIDE, "utf8")).map((line) => {
      const name = /^((?:export )?[A-Z_]+)=\S*(?: +#|$|")/.exec(line)?.[1];
      const byHand = manual[line];
      if (byHand !== undefined) done.push(line);
      if (byHand !== undefined || name === undefined) return byHand ?? line;
      done.push(name);
      return `${name}=${values[name] ?? `"the test has no value for ${name}"; false`}`;
    });
    expect(done.sort()).to.deep.equal([...Object.keys(values), ...Object.keys(manual)].sort());

    shell = await startBash([PREAMBLE, ...commands].join("\n"), folder);
    const [exitStatus] = (await once(shell, "close")) as [number | null];
    const output = await readFile(join(folder, "output.log"), "utf8");
    expect(exitStatus, output).to.equal(0);
    for (const seen of [
      /is what these sources compile to/,
      /users\.example\.eth is served/,
      /passed {2}users\.example\.eth: \d+ passed, 0 warnings, 0 failed/,
    ]) {
      expect(output).to.match(seen);
    }
    const resolver = /Deploy a resolver at (0x\w+)/.exec(output)![1]!;
    const newSigner = /^(0x\w+) {2}in \.signpost\/next\.key/m.exec(output)![1];
    const log = await readFile(join(folder, "started/1.log"), "utf8");
    expect(log).to.include(
      `The gatewaySigner is now ${newSigner} (the file .signpost/gateway-signer.key)`,
    );
    const state = await readResolver(chain.provider, resolver);
    expect(state).to.deep.include({ owner: newOwner, pendingOwner: null, signers: [newSigner] });
    expect(state.urls).to.have.length(4);
    expect(state.maxValiditySec).to.equal(400n);
    const { names } = JSON.parse(await readFile(join(folder, "handover.json"), "utf8")) as {
      names: unknown[];
    };
    expect(names).to.have.length(1);
    expect(names[0]).to.include({ name: "users.example.eth", isAttached: true, resolver });
  });
});

/** The lines of every block that is marked as shell, in order. */
function shellLines(markdown: string): string[] {
  const blocks = [...markdown.matchAll(/^```sh\n(.*?)^```$/gms)].map(([, block = ""]) => block);
  return blocks.flatMap((block) => block.trimEnd().split("\n"));
}

/**
 * What stands for the admin's hands and patience: `npm start` goes on in the background, on a free port (what it
 * builds first is built); `npx signpost` is the binary that it finds, without npm's own second; nobody waits five
 * minutes; and what a command has printed is copied from its output.
 */
const PREAMBLE = String.raw`
set -eo pipefail
gateways=0
npm() {
  if [ "$*" != start ]; then command npm "$@"; return; fi
  gateways=$((gateways + 1))
  local log=started/$gateways.log
  PORT=0 node dist/main.js > "$log" 2>&1 &
  echo $! > started/$gateways.pid
  for _ in $(seq 600); do
    if grep -q gatewaySigner "$log"; then
      cat "$log"
      if [ $gateways = 1 ]; then origin_of 1 > proxy-target; fi
      return
    fi
    sleep_really 0.1
  done
  cat "$log"
  return 1
}
npx() {
  if [ "$1" != signpost ]; then command npx "$@"; return; fi
  shift
  node bin/signpost.mjs "$@"
}
sleep_really() { command sleep "$@"; }
sleep() { :; }
signer_of() { grep -oE 'gatewaySigner +0x[0-9a-fA-F]+' started/$1.log | grep -oE '0x.*'; }
new_signer() { grep -E ' in \.signpost/next\.key' output.log | grep -oE '0x[0-9a-fA-F]+'; }
origin_of() { grep -oE 'listens on http:[^ ]*' started/$1.log | grep -oE 'http:.*'; }
deployed_resolver() { grep -oE 'Deploy a resolver at 0x[0-9a-fA-F]+' output.log | grep -oE '0x.*'; }
trap 'kill $(jobs -p) 2> /dev/null || true; wait' EXIT
`;

/** What it prints goes to `output.log` in the folder, so that its own commands can read it. */
async function startBash(script: string, cwd: string): Promise<ChildProcess> {
  const output = await open(join(cwd, "output.log"), "w");
  const child = spawn("bash", ["-v", "-c", script], {
    cwd,
    env: { PATH: process.env["PATH"] ?? "", HOME: process.env["HOME"] ?? "" },
    stdio: ["ignore", output.fd, output.fd],
    // a process group, to be ended as a whole
    detached: true,
  });
  await output.close();
  return child;
}
