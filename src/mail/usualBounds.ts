/** What holds where an operator says nothing else. */
import type { BudgetLimits } from "./memoryBudget.js";
import type { InletSettings } from "./smtpInlet.js";

const MEGABYTE = 1_000_000;
const MINUTE_MS = 60_000;

export const USUAL_INLET: Pick<
  InletSettings,
  "sizeLimit" | "connections" | "idleMs" | "longestMailMs" | "longestConnectionMs"
> = {
  sizeLimit: 35 * MEGABYTE,
  connections: { atOnce: 200, atOnceOfNetwork: 30 },
  idleMs: MINUTE_MS,
  longestMailMs: 10 * MINUTE_MS,
  longestConnectionMs: 30 * MINUTE_MS,
};

/** Each mail that comes in counts twice: as it comes, and in one piece. */
export const USUAL_BUDGET: BudgetLimits = {
  mostBytes: 256 * MEGABYTE,
  largeBytes: 2 * MEGABYTE,
  largeAtOnce: 4,
  // ends before a connection counts as silent
  longestWaitMs: MINUTE_MS / 2,
};
