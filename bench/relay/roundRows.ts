/** Rounds as rows of a table for people. */
import { spreadOf, spreadOfMeasured } from "../measure/statistics.js";
import type { Rounds } from "./cases.js";

/** What, who, per second, p50, p99, CPU each: the medians of each server's rounds. */
export function rowsOf(what: string, rounds: Rounds): string[][] {
  return [...rounds].map(([label, measured]) => {
    const cpu = spreadOfMeasured(measured.map(({ cpuMs }) => cpuMs));
    const middle = (field: "perSec" | "p50Ms" | "p99Ms") =>
      spreadOf(measured.map((round) => round[field])).median;
    return [
      ...[what, label, middle("perSec").toFixed(1)],
      ...[`${middle("p50Ms").toFixed(1)} ms`, `${middle("p99Ms").toFixed(1)} ms`],
      cpu === null ? "–" : `${cpu.median.toFixed(2)} ms`,
    ];
  });
}
