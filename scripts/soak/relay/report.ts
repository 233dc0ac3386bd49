/** What a soak of the relay node comes to: a table for people, and whether memory stayed level. */
import { markdownTable } from "../../../bench/report/table.js";
import type { MemorySample } from "../flatness.js";
import type { RelaySoakReport } from "./relaySoak.js";

const MIB = 2 ** 20;
/** Of what a process has at a quarter of the run: it is young then, and a leak would be many times that. */
const GROWTH = { share: 0.3, bytes: 24 * MIB };

export interface Memory {
  readonly quarterBytes: number;
  readonly endBytes: number;
  readonly isFlat: boolean;
}

/** The middle of the samples around a quarter of the run, and of the last ones; null where there are too few. */
export function memoryOf(
  samples: readonly MemorySample[],
  { quarterMs, sentMs }: Pick<RelaySoakReport, "quarterMs" | "sentMs">,
): Memory | null {
  const windowMs = Math.max(1, (sentMs - quarterMs) / 10);
  const quarter = middle(samples, quarterMs, quarterMs + windowMs);
  const end = middle(samples, sentMs - windowMs, sentMs);
  if (quarter === null || end === null) return null;
  const allowed = quarter + Math.max(GROWTH.bytes, GROWTH.share * quarter);
  return { quarterBytes: quarter, endBytes: end, isFlat: end <= allowed };
}

const LEAST_SAMPLES = 3;

function middle(samples: readonly MemorySample[], fromMs: number, toMs: number): number | null {
  const within = samples.filter(({ atMs }) => atMs >= fromMs && atMs <= toMs);
  if (within.length < LEAST_SAMPLES) return null;
  const sorted = within.map(({ bytes }) => bytes).toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? null;
}

export function relayTable(report: RelaySoakReport, memory: Memory | null): string {
  const { accepted, delivered, refused, missing, doubled, unasked, contradicted } = report;
  const { faults, again, cuts, visits, sendingSec, emptyingSec, database, defects } = report;
  const ids = (list: readonly string[]) =>
    list.length === 0 ? "0" : `${list.length}: ${list.slice(0, 5).join(", ")}`;
  const kib = (bytes: number) =>
    `${(bytes / Math.max(1, database.rows) / 1024).toFixed(2)} KiB a row`;
  const inMib = (bytes: number) => `${(bytes / MIB).toFixed(1)} MiB`;
  return markdownTable(
    [
      ["what", "figure"],
      ["accepted", `${accepted}`],
      ["delivered to the apps", `${delivered}`],
      ...Object.entries(refused).map(([reason, count]) => [`refused: ${reason}`, `${count}`]),
      ["accepted, not delivered", ids(missing)],
      ["delivered more than once", ids(doubled)],
      ["delivered, not accepted", ids(unasked)],
      ["accepted and refused", ids(contradicted)],
      ["tried again: no answer", `${again.unreachable}`],
      ["tried again: not now", `${again.later}`],
      ...Object.entries(faults).map(([kind, count]) => [kind, `${count}`]),
      ["connections cut", `${cuts}`],
      ["visits of clients", `${visits}`],
      ["sending", `${sendingSec.toFixed(1)} s, ${(accepted / sendingSec).toFixed(0)} a second`],
      ["emptying afterwards", `${emptyingSec.toFixed(1)} s`],
      ["rows, of them waiting", `${database.rows}, ${database.waiting}`],
      ["table", kib(database.tableBytes)],
      ["bodies out of line", kib(database.toastBytes)],
      ["indexes", kib(database.indexBytes)],
      [
        "resident at a quarter, at the end",
        memory === null
          ? "too short to tell"
          : `${inMib(memory.quarterBytes)}, ${inMib(memory.endBytes)}${memory.isFlat ? "" : ": GROWS"}`,
      ],
      ["defects", ids(defects)],
    ],
    1,
  );
}
