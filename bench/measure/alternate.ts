/** Measures servers in alternating turns, so that each round compares them under the same conditions. */
import { setTimeout as delay } from "node:timers/promises";
import { SignpostError } from "../../src/errors.js";
import { startProgress } from "../progress.js";
import type { Contestant } from "./contestant.js";
import { type Instruments, takeTurn, type Turn } from "./round.js";

export interface Plan {
  readonly rounds: number;
  /** Of each turn. */
  readonly seconds: number;
  readonly warmUpSeconds: number;
  /**
   * How long no request may be repeated, in seconds: the lifetime of a signed answer, where each request is to cost
   * a fresh signature. Null where repeating is the point.
   */
  readonly uniqueForSec: number | null;
}

/** Each contestant's turns, in the order of the rounds. */
export async function alternate(
  label: string,
  contestants: readonly Contestant[],
  plan: Plan,
  instruments: Instruments,
): Promise<ReadonlyMap<Contestant, readonly Turn[]>> {
  const turns = new Map<Contestant, Turn[]>(contestants.map((contestant) => [contestant, []]));
  const asked = new Map<Contestant, { atMs: number; requests: number }[]>();
  const total = contestants.length * (plan.rounds * plan.seconds + plan.warmUpSeconds);
  const progress = startProgress(label, total);
  let doneSec = 0;
  const turnOf = async (contestant: Contestant, seconds: number): Promise<Turn> => {
    await delay(SETTLING_MS);
    const atMs = performance.now();
    const turn = await takeTurn(contestant, seconds, instruments);
    asked.set(contestant, [...(asked.get(contestant) ?? []), { atMs, requests: turn.requests }]);
    assertUnrepeated(contestant, asked.get(contestant) ?? [], plan.uniqueForSec);
    progress.at((doneSec += seconds));
    return turn;
  };
  for (const contestant of contestants) await turnOf(contestant, plan.warmUpSeconds);
  for (let round = 0; round < plan.rounds; round++) {
    // nobody is always the first
    const order = round % 2 === 0 ? contestants : contestants.toReversed();
    for (const contestant of order) {
      turns.get(contestant)?.push(await turnOf(contestant, plan.seconds));
    }
  }
  progress.end();
  return turns;
}

/** The one before has finished what it had begun. */
const SETTLING_MS = 300;

function assertUnrepeated(
  { name, dataset: { namesInFile } }: Contestant,
  asked: readonly { atMs: number; requests: number }[],
  uniqueForSec: number | null,
): void {
  if (uniqueForSec === null) return;
  const oldestMs = performance.now() - uniqueForSec * 1000;
  const recent = asked.filter(({ atMs }) => atMs >= oldestMs);
  const requests = recent.reduce((sum, turn) => sum + turn.requests, 0);
  if (requests > namesInFile) {
    throw new SignpostError(
      "INTERNAL",
      `${name} answered ${requests} requests within ${uniqueForSec} s, but there are only ${namesInFile} names; measure with fewer --seconds or --rounds.`,
    );
  }
}
