/** Several processes behind one port, as `npm start` runs them with PROCESSES=2. */
import { Agent, get } from "node:http";
import { setTimeout as delay } from "node:timers/promises";
import { expect } from "chai";
import {
  openScratchDatabase,
  type ScratchDatabase,
} from "../../src/installation/scratchDatabase.js";
import {
  type ChildProgram,
  processesWith,
  removeFolder,
  startProgram,
  temporaryFolder,
} from "../childProgram.js";
import { childrenOf, hasEnded, until } from "../embedded-postgres/holder.js";

const KEY = `0x${"11".repeat(32)}`;
const OTHER_KEY = `0x${"22".repeat(32)}`;

describe("primaryProcess", function () {
  this.timeout(180_000);
  let folder: string;
  let scratch: ScratchDatabase;
  let program: ChildProgram;
  let origin: string;

  before(async () => {
    scratch = await openScratchDatabase();
  });
  beforeEach(async () => {
    folder = await temporaryFolder();
  });
  afterEach(async () => {
    program.process.kill("SIGKILL");
    await program.ended;
    await removeFolder(folder);
  });
  after(() => scratch.close());

  async function start(settings: Record<string, string> = {}): Promise<void> {
    program = startProgram("src/main.ts", [], {
      settings: {
        SIGNPOST_DIR: folder,
        PORT: "0",
        PROCESSES: "2",
        DATABASE_URL: scratch.url,
        GATEWAY_SIGNER_KEY: KEY,
        ...settings,
      },
      cwd: folder,
    });
    origin = await program.printed(/listens on (http:\S+)/);
    await program.printed(/no domain yet/);
  }

  const pidOfPrimary = () => program.process.pid ?? 0;
  const workers = () => childrenOf(pidOfPrimary());

  /** A request on a connection of its own, or on one of the agent's. */
  function ask(path: string, agent = new Agent()): Promise<{ status: number; text: string }> {
    return new Promise((resolve, reject) => {
      const request = get(`${origin}${path}`, { agent, timeout: 5_000 }, (response) => {
        let text = "";
        response.on("data", (chunk: Buffer) => (text += chunk.toString()));
        response.on("end", () => {
          resolve({ status: response.statusCode ?? 0, text });
        });
        response.on("error", reject);
      });
      request.on("error", (cause) => {
        reject(request.reusedSocket ? cause : new NotConnected({ cause }));
      });
    });
  }

  it("answers from each, adds their metrics up, and ends them all on SIGTERM", async () => {
    await start();
    const started = await workers();
    expect(started).to.have.length(2);
    const LOOKUP = "/ccip/1/0x0000000000000000000000000000000000000001/0x";
    for (let asked = 0; asked < 10; asked++) expect((await ask(LOOKUP)).status).to.equal(400);
    for (let scraped = 0; scraped < 4; scraped++) {
      const { text } = await ask("/metrics");
      const refused = [...text.matchAll(/^signpost_lookups?_refused_total\{.*\} (\d+)$/gm)];
      const sum = refused.reduce((total, [, count]) => total + Number(count), 0);
      expect(sum, text).to.equal(10);
    }

    program.process.kill("SIGTERM");
    expect(await program.ended).to.include({ exitStatus: 0, signal: null });
    for (const pid of started) expect(await hasEnded(pid)).to.equal(true);
    expect(program.output()).to.not.match(/has ended/);
  });

  it("starts another one where one is killed, and the others go on meanwhile", async () => {
    await start();
    const [victim = 0, other = 0] = await workers();
    process.kill(victim, "SIGKILL");
    await program.printed(new RegExp(`The process ${victim} has ended \\(SIGKILL\\)`));
    expect((await ask("/health/live")).status).to.equal(200);
    await until(async () => (await workers()).length === 2, 10_000);
    const [first = 0, second = 0] = await workers();
    expect([first, second]).to.include(other).and.not.to.include(victim);
    await until(async () => (await ask("/health/ready")).status === 200, 10_000);
  });

  it("finishes on SIGTERM what is under way on every connection", async () => {
    await start();
    let failed = 0;
    let answered = 0;
    let stopping = false;
    const stream = async () => {
      const agent = new Agent({ keepAlive: true, maxSockets: 1 });
      for (;;) {
        try {
          const { status } = await ask("/health/live", agent);
          if (status !== 200) failed++;
          answered++;
        } catch (error) {
          // a client that gets no connection any more takes the next gateway
          if (!(stopping && error instanceof NotConnected)) failed++;
          break;
        }
      }
      agent.destroy();
    };
    const streams = Array.from({ length: 8 }, stream);
    await delay(300);
    stopping = true;
    program.process.kill("SIGTERM");
    await Promise.all(streams);
    expect(await program.ended).to.include({ exitStatus: 0 });
    expect(answered).to.be.above(50);
    expect(failed).to.equal(0);
  });

  it("passes SIGHUP on: each reads its signer again", async () => {
    await start();
    for (const pid of await workers()) {
      await program.printed(/listens on/);
      expect(await hasEnded(pid)).to.equal(false);
    }
    program.process.kill("SIGHUP");
    await until(
      () =>
        program.output().match(/The gatewaySigner was read again and is the same/g)?.length === 2,
      10_000,
    );
  });

  it("stays with none when its port is taken, and says why once it has ended", async () => {
    await start();
    const taken = program;
    const { port } = new URL(origin);
    const second = startProgram("src/main.ts", [], {
      settings: {
        SIGNPOST_DIR: folder,
        PORT: port,
        PROCESSES: "2",
        DATABASE_URL: scratch.url,
        GATEWAY_SIGNER_KEY: OTHER_KEY,
      },
      cwd: folder,
    });
    expect(await second.ended).to.include({ exitStatus: 1, signal: null });
    expect(second.output()).to.match(new RegExp(`Cannot listen on 127.0.0.1:${port}`));
    expect(second.output()).to.not.match(/listens on/);
    program = taken;
  });

  it("takes its workers and its own Postgres along when it is killed", async () => {
    await start({ DATABASE_URL: "" });
    const started = await workers();
    program.process.kill("SIGKILL");
    await program.ended;
    await until(async () => {
      const ended = await Promise.all(started.map(hasEnded));
      return ended.every(Boolean) && (await processesWith(`${folder}/postgres`)).length === 0;
    }, 15_000);
  });
});

/** Nobody took the new connection: the port was closed, before or behind it. */
class NotConnected extends Error {
  constructor({ cause }: { cause: unknown }) {
    super("not connected", { cause });
  }
}
