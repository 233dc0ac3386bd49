/** How much of native messages that are being received or carried may be in memory, and how many large ones at once. */
import type { MemoryBudget } from "../messaging/memoryBudget.js";

export interface BudgetLimits {
  /** Of all messages together, in bytes. */
  readonly mostBytes: number;
  /** From this size on a message is a large one, in bytes. */
  readonly largeBytes: number;
  readonly largeAtOnce: number;
  /** How long a large one waits for its turn, in ms. */
  readonly longestWaitMs: number;
}

export function memoryBudget(limits: BudgetLimits): MemoryBudget {
  let held = 0;
  let large = 0;
  const waiting: (() => void)[] = [];

  async function turn(): Promise<boolean> {
    if (large < limits.largeAtOnce) {
      large++;
      return true;
    }
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        waiting.splice(waiting.indexOf(mine), 1);
        resolve(false);
      }, limits.longestWaitMs);
      const mine = () => {
        clearTimeout(timer);
        resolve(true);
      };
      waiting.push(mine);
    });
  }

  /** The place goes to whoever waited longest. */
  function endTurn(): void {
    const next = waiting.shift();
    if (next === undefined) large--;
    else next();
  }

  return {
    open: () => {
      let mine = 0;
      let isLarge = false;
      let isClosed = false;
      return {
        take: async (bytes) => {
          if (!isLarge && mine + bytes >= limits.largeBytes) {
            if (!(await turn())) return false;
            if (isClosed) endTurn();
            else isLarge = true;
          }
          if (isClosed || held + bytes > limits.mostBytes) return false;
          held += bytes;
          mine += bytes;
          return true;
        },
        close: () => {
          isClosed = true;
          held -= mine;
          mine = 0;
          if (isLarge) endTurn();
          isLarge = false;
        },
      };
    },
  };
}
