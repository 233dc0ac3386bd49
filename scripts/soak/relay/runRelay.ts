/** `npm run soak -- --relay`: the run, its progress, its table or JSON, and whether all is well. */
import { startProgress } from "../../progress.js";
import { FAULTS } from "./faults.js";
import { runRelaySoak } from "./relaySoak.js";
import { memoryOf, relayTable } from "./report.js";

const MOST_MESSAGES = 1_000_000;
const SENDERS = 50;
const RECEIVERS = 50;
const MOST_MS = { there: 60_000, away: 3_000 };

/** The value of the option `--messages`. */
export function readMessages(text: string): number | null {
  const messages = /^[1-9][0-9]*$/.test(text) ? Number(text) : 0;
  return messages > 0 && messages <= MOST_MESSAGES ? messages : null;
}

/** Returns the exit status. */
export async function runRelay(messages: number, json: boolean): Promise<number> {
  const progress = startProgress();
  const report = await runRelaySoak({
    ...{ messages, senders: SENDERS, receivers: RECEIVERS, faults: FAULTS, mostMs: MOST_MS },
    onProgress: (share, note) => {
      progress.show(share, note);
    },
  });
  progress.end();
  const resident = memoryOf(report.residentSamples, report);
  const heap = memoryOf(report.heapSamples, report);
  const isWell = report.isWell && resident?.isFlat !== false;
  if (json) {
    // memory is told in two numbers
    const told = { messages, ...report, residentSamples: undefined, heapSamples: undefined };
    console.log(JSON.stringify({ ...told, resident, heap, isWell }, null, 2));
  } else {
    console.log(relayTable(report, resident));
    console.log(
      isWell
        ? "Every accepted message was delivered once, every other one was refused for a reason, and memory is flat."
        : "Not well.",
    );
  }
  return isWell ? 0 : 1;
}
