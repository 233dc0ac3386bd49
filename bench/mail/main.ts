/**
 * `npm run bench:mail`: the way from a DM3 user through the bridge to Delta Chat and back, beside the way from Delta Chat to Delta Chat
 * on the same mail server, in turns; the bridge's CPU for a message; how long a large mail holds up its event loop. Writes its figures
 * into `ratios` of bench/results/latest.json; with --quick it only prints them. --profile FOLDER writes a profile of the bridge's CPU there.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { startMailNetwork } from "../../src/demo/mailNetwork.js";
import { openBenchServer } from "../data/benchServer.js";
import { say } from "../progress.js";
import { keepRatios } from "../report/results.js";
import { markdownTable } from "../report/table.js";
import { answering } from "./answering.js";
import { type Lag, LAG_REPORTER, profilingTo, startBridgeProcess } from "./bridgeProcess.js";
import { largeMail, sendLarge } from "./largeMail.js";

const OWN_FOLDER = fileURLToPath(new URL("../../.signpost", import.meta.url));
const RESULTS = "latest.json";
/** In bytes: nearly the longest that the bridge of the demo takes, and one that it refuses. */
const LARGE = [25_000_000, 40_000_000] as const;

const { values: flags } = parseArgs({
  options: { quick: { type: "boolean", default: false }, profile: { type: "string" } },
});
const [trips, burst, rounds] = flags.quick ? [5, 20, 1] : [60, 300, 5];

const postgres = await openBenchServer(OWN_FOLDER, true);
const folder = await mkdtemp(join(tmpdir(), "signpost-bench-mail-"));
const network = await startMailNetwork({
  databaseUrl: postgres.url,
  onStep: (step) => {
    say(step);
  },
  reportFailure: (error) => {
    say(`failed: ${error.message}`);
  },
});
await network.world.bridge.stop();
const bridge = await startBridgeProcess(network.world.bridge, folder, [
  ...LAG_REPORTER,
  ...profilingTo(flags.profile),
]);
try {
  const alice = await network.newMailUser("alice");
  const dave = await network.newMailUser("dave");
  const carol = await network.newDm3User("carol");
  const answers = answering(alice.program, alice);
  const to = await network.introduce(carol, await alice.vCard());
  const chat = await dave.importVCard(await alice.vCard());

  async function bridgeTrip(text: string): Promise<number> {
    const startMs = performance.now();
    await carol.write(to, { type: "NEW", text });
    while (!carol.read.some(({ content }) => "text" in content && content.text === `re: ${text}`)) {
      await setTimeout(1);
    }
    return performance.now() - startMs;
  }

  async function stockTrip(text: string): Promise<number> {
    const got = answers.got(dave, `re: ${text}`);
    const startMs = performance.now();
    await dave.write(chat, { text });
    await got;
    return performance.now() - startMs;
  }

  const [bridgeMs, stockMs]: [number[], number[]] = [[], []];
  for (let index = 0; index <= trips; index++) {
    const [ours, stock] = [await bridgeTrip(`b${index}`), await stockTrip(`s${index}`)];
    // the first of each makes chat and name
    if (index === 0) continue;
    bridgeMs.push(ours);
    stockMs.push(stock);
  }

  const beforeSec = await bridge.cpuSec();
  const all = Array.from({ length: burst }, (_, index) => `m${index}`);
  for (const text of all) await carol.write(to, { type: "NEW", text });
  const isAnswered = (text: string) =>
    carol.read.some(({ content }) => "text" in content && content.text === `re: ${text}`);
  while (!all.every(isAnswered)) await setTimeout(20);
  const cpuMs = (1_000 * ((await bridge.cpuSec()) - beforeSec)) / (2 * burst);

  const lags: Lag[] = [];
  for (const mailBytes of LARGE) {
    const mail = await largeMail(carol, mailBytes);
    for (let round = 0; round < rounds; round++) {
      await setTimeout(1_000);
      const lag = await bridge.longestLag(async () => {
        const { is } = await sendLarge(network, carol, mail);
        if (is !== (mailBytes === LARGE[0] ? "taken" : "refused")) {
          throw new Error(`A mail of ${mail.length} bytes was ${is}.`);
        }
        // its pieces are kept, and the envelope is submitted
        await setTimeout(2_000);
      });
      lags.push(lag);
    }
  }
  answers.stop();

  const lagMs = Math.max(...lags.map(({ lateMs }) => lateMs));
  const turnCpuMs = Math.max(...lags.map((lag) => lag.turnCpuMs));
  const roundTripVsStock = median(bridgeMs) / median(stockMs);
  const rows = [
    [
      "round trip, ms",
      ...[stockMs, bridgeMs].map((one) => median(one).toFixed(0)),
      roundTripVsStock.toFixed(2),
    ],
    ["bridge's CPU a message, ms", "", cpuMs.toFixed(2), ""],
    ["longest lag of the event loop at a large mail, ms", "", lagMs.toFixed(0), ""],
    ["most CPU of one of its turns then, ms", "", turnCpuMs.toFixed(0), ""],
  ];
  console.log(markdownTable([["", "Delta Chat", "through the bridge", "ratio"], ...rows], 1));
  if (!flags.quick) {
    await keepRatios(RESULTS, {
      ...{ mailRoundTripVsStock: roundTripVsStock, mailBridgeCpuMs: cpuMs, mailLoopLagMs: lagMs },
    });
  }
} finally {
  await bridge.stop();
  await network.stop();
  await postgres.stop();
  await rm(folder, { recursive: true });
}
process.exit(0);

function median(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 2)] ?? NaN;
}
