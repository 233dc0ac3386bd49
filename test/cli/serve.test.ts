/** `signpost serve`: the built program, with the capabilities that are named. */
import { once } from "node:events";
import { rm, writeFile } from "node:fs/promises";
import { type AddressInfo, createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { expect } from "chai";
import { openScratchDatabase } from "../../src/installation/scratchDatabase.js";
import { type ChildProgram, removeFolder, startProgram, temporaryFolder } from "../childProgram.js";
import { childrenOf, until } from "../embedded-postgres/holder.js";

const USAGE = 2;

describe("signpost serve", function () {
  this.timeout(180_000);
  let folder: string;
  before(async () => {
    folder = await temporaryFolder();
  });
  after(() => removeFolder(folder));

  const serveWith = (settings: Record<string, string>, ...names: string[]) =>
    startProgram("src/cli/main.ts", ["serve", ...names], {
      settings: { SIGNPOST_DIR: folder, PORT: "0", ...settings },
      cwd: folder,
    });
  const serve = (...names: string[]) => serveWith({}, ...names);

  it("runs the capabilities that are named, and only those", async () => {
    const program = serve("status", "lookup-page");
    try {
      const url = await program.printed(/Signpost listens on (http:\S+)/);
      expect((await fetch(`${url}/status`)).status).to.equal(200);
      expect((await fetch(`${url}/lookup`)).status).to.equal(200);
      expect((await fetch(`${url}/v1/openapi.json`)).status).to.equal(404);
      expect((await fetch(`${url}/health/ready`)).status).to.equal(200);
    } finally {
      program.process.kill("SIGTERM");
    }
    expect(await program.ended).to.include({ exitStatus: 0 });
    expect(program.output()).not.to.match(/signer|SIGHUP/i);
  });

  it("refuses a name that is no capability, and tells those that are", async () => {
    const program = serve("registry", "telegraph");
    expect(await program.ended).to.include({ exitStatus: USAGE });
    expect(program.output()).to.include(
      'There is no capability "telegraph"; name some of registry, relay, storage, xmpp, mail, status, lookup-page, admin-page.',
    );
    const misspelt = serve("regsitry");
    expect(await misspelt.ended).to.include({ exitStatus: USAGE });
    expect(misspelt.output()).to.include(
      'There is no capability "regsitry" (did you mean registry?); name some of registry, relay, storage, xmpp, mail, status, lookup-page, admin-page.',
    );
  });

  describe("as several processes", () => {
    /** Its exit status; throws when it goes on for longer than a stop takes. */
    async function endOf(program: ChildProgram): Promise<number | null> {
      const late = setTimeout(() => program.process.kill("SIGKILL"), 20_000);
      const { exitStatus } = await program.ended.finally(() => {
        clearTimeout(late);
      });
      return exitStatus;
    }

    it("ends when none can listen", async () => {
      const database = await openScratchDatabase();
      const holder = createServer().listen(0, "127.0.0.1");
      await once(holder, "listening");
      try {
        const { port } = holder.address() as AddressInfo;
        const program = serveWith(
          { PROCESSES: "2", PORT: String(port), DATABASE_URL: database.url },
          "registry",
        );
        expect(await endOf(program), program.output())
          .to.be.a("number")
          .above(0);
        expect(program.output())
          .to.match(/Cannot listen/)
          .and.match(/A process ended before it/);
      } finally {
        holder.close();
        await database.close();
      }
    });

    it("ends when the database does not answer", async () => {
      const program = serveWith(
        { PROCESSES: "2", DATABASE_URL: "postgresql://u@127.0.0.1:1/none" },
        "registry",
      );
      expect(await endOf(program), program.output())
        .to.be.a("number")
        .above(0);
      expect(program.output()).to.match(/The database did not answer/);
    });

    it("goes on replacing a process that cannot start, until it can", async () => {
      const database = await openScratchDatabase();
      const file = join(folder, ".env");
      const program = serveWith({ PROCESSES: "2", DATABASE_URL: database.url }, "status");
      try {
        await program.printed(/Signpost listens on (http:\S+)/);
        // a setting that the first process did not have, and so did not hand on
        await writeFile(file, "LOG_LEVEL=shout\n");
        const workers = () => childrenOf(program.process.pid ?? 0);
        process.kill((await workers())[0] ?? 0, "SIGKILL");
        await program.printed(/LOG_LEVEL[^]*has ended \(exit status 2\); another one is started/);
        await rm(file);
        const silent = () => program.output().length;
        let before = -1;
        // nothing more is printed when the next one has started
        await until(async () => {
          const isSilent = silent() === before;
          before = silent();
          await delay(1_500);
          return isSilent && (await workers()).length === 2;
        }, 20_000);
      } finally {
        await rm(file, { force: true });
        program.process.kill("SIGTERM");
        await program.ended;
        await database.close();
      }
    });
  });
});
