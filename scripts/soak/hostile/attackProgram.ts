/**
 * The attackers, in a process of their own: what they cost must not slow down the client that measures. Its parent tells
 * it whom to attack and how, asks what it was answered, and ends it.
 */
import { attackerOf } from "./attack.js";
import { ATTACKS } from "./attacks.js";
import type { Target } from "./target.js";

export interface Orders {
  readonly target: Target;
  readonly attacks: readonly string[];
}

/** By attack and ending. */
export type Endings = Readonly<Record<string, Readonly<Record<string, number>>>>;

const endings: Record<string, Record<string, number>> = {};

process.on("message", (message: Orders | "endings") => {
  if (message === "endings") process.send?.(endings);
  else void carryOut(message);
});
process.on("disconnect", () => process.exit());
process.send?.("ready");

/** Says when all are under way. */
async function carryOut({ target, attacks }: Orders): Promise<void> {
  for (const attack of ATTACKS.filter(({ name }) => attacks.includes(name))) {
    const mine: Record<string, number> = (endings[attack.name] = {});
    const count = (ending: string) => {
      mine[ending] = (mine[ending] ?? 0) + 1;
    };
    await attack.start(attackerOf(target, count));
  }
  process.send?.("under way");
}
