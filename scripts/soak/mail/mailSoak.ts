/** Many messages through the mail bridge in both directions, and how much memory its process has meanwhile. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { openBenchServer } from "../../../bench/data/benchServer.js";
import { profilingTo, startBridgeProcess } from "../../../bench/mail/bridgeProcess.js";
import { startMailNetwork } from "../../../src/demo/mailNetwork.js";
import type { MemorySample } from "../flatness.js";
import type { MemoryReport, MemorySamples } from "../memory.js";
import { newSoakMailUser, type SoakMailUser } from "./mailPeople.js";

const OWN_FOLDER = fileURLToPath(new URL("../../../.signpost", import.meta.url));
const MEMORY_REPORT = new URL("../memoryReport.mjs", import.meta.url).href;
const MAIL_USERS = 10;
/** On their way, in each direction. */
const AT_ONCE = 12;
/** Each so many-th mail has a file that does not fit into an envelope. */
const LONG_EVERY = 50;
const LONG_BYTES = 200_000;
const COLLECTIONS = 40;
/** Without any arrival: what is missing then does not come. Whoever was refused for now twice is left alone for two minutes. */
const PATIENCE_MS = 6 * 60_000;

export interface MailSoakReport extends MemorySamples {
  readonly sent: number;
  readonly missing: number;
  /** Of those, how many did not reach somebody with mail. */
  readonly missingInMail: number;
  readonly doubled: number;
  readonly tookMs: number;
  readonly cpuMsOfMessage: number;
}

export async function runMailSoak(
  messages: number,
  profileFolder: string | undefined,
  onProgress: (share: number, note: string) => void,
): Promise<MailSoakReport> {
  const postgres = await openBenchServer(OWN_FOLDER, true);
  const folder = await mkdtemp(join(tmpdir(), "signpost-soak-mail-"));
  const network = await startMailNetwork({
    databaseUrl: postgres.url,
    onStep: (step) => {
      onProgress(0, step);
    },
    reportFailure: (error) => {
      console.error(error.message);
    },
  });
  await network.world.bridge.stop();
  const bridge = await startBridgeProcess(network.world.bridge, folder, [
    ...["--expose-gc", "--import", MEMORY_REPORT],
    ...profilingTo(profileFolder),
  ]);
  try {
    const carol = await network.newDm3User("carol");
    const users: SoakMailUser[] = [];
    for (let index = 0; index < MAIL_USERS; index++) {
      const user = await newSoakMailUser(network, carol, `m${index}`);
      // whoever wrote first is no stranger: first mails to strangers are few a day
      await user.write("first", 0);
      users.push(user);
    }
    const half = Math.floor(messages / 2);
    const got = () => users.flatMap((user) => user.got);
    const read = () =>
      carol.read
        .flatMap(({ content }) => ("text" in content ? content.text : []))
        .slice(MAIL_USERS);
    const arrived = () => users.reduce((sum, user) => sum + user.got.length, carol.read.length);
    const userOf = (index: number): SoakMailUser => {
      const user = users[index % MAIL_USERS];
      if (user === undefined) throw new Error("There are no users.");
      return user;
    };
    await until(() => carol.read.length === MAIL_USERS, arrived);

    const residentSamples: MemorySample[] = [];
    const heapSamples: MemorySample[] = [];
    const startedMs = Date.now();
    const beforeSec = await bridge.cpuSec();
    // short runs as well: what is resident is told at collections too
    bridge.child.on("message", ({ rssBytes, heapBytes, afterCollection }: MemoryReport) => {
      const atMs = Date.now() - startedMs;
      residentSamples.push({ atMs, bytes: rssBytes });
      if (afterCollection) heapSamples.push({ atMs, bytes: heapBytes });
    });
    let written = 0;
    const collectEvery = Math.max(1, Math.floor((2 * half) / COLLECTIONS));
    const note = () => {
      if (++written % collectEvery === 0) bridge.child.send("collect");
      onProgress(written / (2 * half), `${written} written, ${arrived() - MAIL_USERS} arrived`);
    };
    await Promise.all([
      inTurns(half, async (index) => {
        await userOf(index).write(`n${index}`, index % LONG_EVERY === 0 ? LONG_BYTES : 0);
        note();
      }),
      inTurns(half, async (index) => {
        const { person } = userOf(index);
        const { sent } = await carol.write(person, { type: "NEW", text: `d${index}` });
        await sent;
        note();
      }),
    ]);
    await until(() => arrived() >= 2 * half + MAIL_USERS, arrived);
    const tookMs = Date.now() - startedMs;
    const cpuMsOfMessage = (1_000 * ((await bridge.cpuSec()) - beforeSec)) / (2 * half);
    const [ids, texts] = [got(), read()];
    const once = new Set(ids).size + new Set(texts).size;
    return {
      ...{ sent: 2 * half, missing: 2 * half - once, doubled: ids.length + texts.length - once },
      missingInMail: half - new Set(ids).size,
      ...{ tookMs, cpuMsOfMessage, residentSamples, heapSamples },
    };
  } finally {
    await bridge.stop();
    await network.stop();
    await postgres.stop();
    await rm(folder, { recursive: true });
  }
}

async function inTurns(count: number, work: (index: number) => Promise<void>): Promise<void> {
  let next = 0;
  const worker = async () => {
    while (next < count) await work(next++);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}

/** Also ends when nothing came for a while. */
async function until(isDone: () => boolean, arrived: () => number): Promise<void> {
  let [last, lastMs] = [arrived(), Date.now()];
  while (!isDone() && Date.now() - lastMs < PATIENCE_MS) {
    await setTimeout(20);
    if (arrived() !== last) [last, lastMs] = [arrived(), Date.now()];
  }
}
