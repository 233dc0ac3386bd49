/**
 * `npm run bench:steps`: what each step of a lookup costs in this process, beside its counterparts in ethers and
 * viem. For choosing where to look; what users feel is measured by `npm run bench`.
 */
import { spreadOf } from "../measure/statistics.js";
import { markdownTable, times } from "../report/table.js";
import { STEPS } from "./steps.js";

const ROUNDS = 7;
const ROUND_US = 150_000;

const rows: string[][] = [];
for (const [step, { Signpost, viem, ethers }] of Object.entries(STEPS)) {
  const cells = [step];
  for (const run of [Signpost, viem, ethers]) cells.push(times(await cpuMicroseconds(run)));
  rows.push(cells);
}
console.log(markdownTable([["step, µs of CPU", "Signpost", "viem", "ethers"], ...rows], 1));

/**
 * What one call takes: the median of some rounds, after one that is not counted. In CPU time, the garbage
 * collector's threads included, because the clock on the wall also counts what other programs do.
 */
async function cpuMicroseconds(run: () => unknown): Promise<number> {
  const rounds: number[] = [];
  for (let round = -1; round < ROUNDS; round++) {
    const before = cpuUs();
    let calls = 0;
    while (cpuUs() - before < ROUND_US) {
      for (let i = 0; i < 50; i++) await run();
      calls += 50;
    }
    if (round >= 0) rounds.push((cpuUs() - before) / calls);
  }
  return spreadOf(rounds).median;
}

function cpuUs(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}
