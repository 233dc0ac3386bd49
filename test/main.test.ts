/** The service as a process: what it hands on of its secrets, and what it does when its Postgres dies. */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import { CAPABILITIES } from "../src/capabilities/list.js";
import { openScratchDatabase } from "../src/installation/scratchDatabase.js";
import { settingsOf } from "../src/process/served.js";
import { secretSettings } from "../src/settings/settingsPart.js";
import { removeFolder, startProgram, temporaryFolder } from "./childProgram.js";
import { childrenOf, hasEnded, parentOf, postgresPid, until } from "./embedded-postgres/holder.js";

const KEY = `0x${"11".repeat(32)}`;
const OTHER_SECRET = "hunter2";

/** Loaded before the program: prints the names of its environment when it ends. */
const REPORT = `
  import { isMainThread } from "node:worker_threads";
  if (isMainThread) process.on("exit", () => console.log("left: " + Object.keys(process.env).join()));`;
const NODE_OPTIONS = `--import=data:text/javascript,${encodeURIComponent(REPORT)}`;

describe("main", function () {
  this.timeout(180_000);
  let folder: string;

  beforeEach(async () => {
    folder = await temporaryFolder();
  });
  afterEach(() => removeFolder(folder));

  const start = (settings: Record<string, string>, ...capabilities: string[]) =>
    startProgram("src/main.ts", capabilities, {
      settings: { SIGNPOST_DIR: folder, PORT: "0", NODE_OPTIONS, ...settings },
      cwd: folder,
    });

  it("keeps its secrets from the embedded Postgres, and ends with a sentence when that dies", async () => {
    const program = start({ GATEWAY_SIGNER_KEY: KEY, ANOTHER_SECRET: OTHER_SECRET });
    try {
      await program.printed(/no domain yet/); // the last line of its start
      const pid = await postgresPid(`${folder}/postgres/data`);
      if (process.platform === "linux") {
        for (const child of [pid, await parentOf(pid)]) {
          const environment = await readFile(`/proc/${child}/environ`, "utf8");
          expect(environment).to.match(/(^|\0)LC_ALL=C\0/);
          expect(environment).not.to.match(/GATEWAY_SIGNER_KEY|ANOTHER_SECRET|NODE_OPTIONS/);
          expect(environment.includes(KEY.slice(2)) || environment.includes(OTHER_SECRET)).to.equal(
            false,
          );
        }
      }

      process.kill(pid, "SIGKILL");
      await until(() => program.process.exitCode !== null, 15_000);
      const { exitStatus, signal } = await program.ended;
      expect({ exitStatus, signal }, program.output()).to.deep.equal({
        exitStatus: 1,
        signal: null,
      });
      expect(program.output()).to.match(
        /signpost: the embedded Postgres has ended by itself.*postgres\.log.*Start Signpost again/,
      );
      await until(() => hasEnded(pid), 5_000);
    } finally {
      program.process.kill("SIGKILL");
    }
  });

  it("removes its secrets from its environment, so that no child inherits them", async () => {
    const scratch = await openScratchDatabase();
    const rpcUrl = "http://127.0.0.1:1/hunter2";
    const secrets: Record<string, string> = {
      DATABASE_URL: scratch.url,
      GATEWAY_SIGNER_KEY: KEY,
      CHAIN_RPC_URLS: `1=${rpcUrl}`,
      STANDBY_DATABASE_URLS: scratch.url,
      ...{ NODE_CANARY_KEY: KEY, XMPP_SECRET: "hunter2", XMPP_REGISTRY_KEY: "signpost_hunter2" },
      ...{ XMPP_CANARY_PASSWORD: "hunter2" },
      ...{ MAIL_SMARTHOST_PASSWORD: "hunter2", MAIL_REGISTRY_KEY: "signpost_hunter2" },
    };
    expect(secrets).to.have.all.keys(secretSettings(settingsOf(CAPABILITIES)));
    const program = start({ ...secrets, NODE_CANARY_NAME: "canary.example.eth" });
    try {
      await program.printed(/no domain yet/); // the last line of its start
      program.process.kill("SIGTERM");
      const { exitStatus, stdout } = await program.ended;
      expect(exitStatus, program.output()).to.equal(0);
      const left = /^left: (.*)$/m.exec(stdout)?.[1]?.split(",");
      expect(left).to.include.members(["PATH", "SIGNPOST_DIR", "PORT"]);
      for (const name of secretSettings(settingsOf(CAPABILITIES)))
        expect(left).not.to.include(name);
      expect(program.output()).not.to.include(KEY.slice(2)).and.not.to.include("hunter2");
    } finally {
      program.process.kill("SIGKILL");
      await scratch.close();
    }
  });

  it("removes the secrets of capabilities that do not run as well, and gives them to no worker", async () => {
    const scratch = await openScratchDatabase();
    const settings = { GATEWAY_SIGNER_KEY: KEY, DATABASE_URL: scratch.url, PROCESSES: "2" };
    await writeFile(join(folder, ".env"), `GATEWAY_SIGNER_KEY=${KEY}\n`);
    const program = start(settings, "status");
    try {
      await program.printed(/metrics/); // the last line of its start
      if (process.platform === "linux") {
        const workers = await childrenOf(program.process.pid ?? 0);
        expect(workers).to.have.length(2);
        for (const pid of workers) {
          const environment = await readFile(`/proc/${pid}/environ`, "utf8");
          expect(environment).to.match(/(^|\0)DATABASE_URL=/);
          expect(environment).not.to.match(/GATEWAY_SIGNER_KEY/);
        }
      }
      program.process.kill("SIGTERM");
      const { exitStatus, stdout } = await program.ended;
      expect(exitStatus, program.output()).to.equal(0);
      const left = [...stdout.matchAll(/^left: (.*)$/gm)].map(([, names = ""]) => names.split(","));
      expect(left).to.have.length(3);
      for (const names of left) {
        expect(names).to.include("SIGNPOST_DIR");
        expect(names).to.not.include("GATEWAY_SIGNER_KEY");
        expect(names).to.not.include("DATABASE_URL");
      }
    } finally {
      program.process.kill("SIGKILL");
      await scratch.close();
    }
  });
});
