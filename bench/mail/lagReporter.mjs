// Loaded into the bridge's process. Between the messages "begin" and "end": the longest time that its event loop was late, and the most
// CPU that its thread used between two turns, both in ms. On a busy machine the first has in it what other programs took. It does nothing
// at other times, because the looks themselves cost CPU.
import { readFileSync } from "node:fs";
import { performance } from "node:perf_hooks";
import { clearInterval, setInterval } from "node:timers";

const EVERY_MS = 2;
const NANOSECONDS = 1e6;
/** Of Linux; the first number is the time on the CPU. */
const SCHEDULING = `/proc/self/task/${process.pid}/schedstat`;
let looking;
let longest;

process.on("message", (message) => {
  clearInterval(looking);
  if (message === "begin") begin();
  else process.send?.(longest);
});
process.channel?.unref();

function begin() {
  longest = { lateMs: 0, turnCpuMs: 0 };
  let dueMs = performance.now() + EVERY_MS;
  let cpuMs = usedMs();
  looking = setInterval(() => {
    const [nowMs, nowCpuMs] = [performance.now(), usedMs()];
    longest = {
      lateMs: Math.max(longest.lateMs, nowMs - dueMs),
      turnCpuMs: Math.max(longest.turnCpuMs, nowCpuMs - cpuMs),
    };
    [dueMs, cpuMs] = [nowMs + EVERY_MS, nowCpuMs];
  }, EVERY_MS).unref();
}

function usedMs() {
  try {
    return Number(readFileSync(SCHEDULING, "utf8").split(" ")[0]) / NANOSECONDS;
  } catch {
    return NaN;
  }
}
