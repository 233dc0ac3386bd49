/** How servers are compared: the same way in each case. */
import type { Dataset } from "../data/dataset.js";
import type { Query } from "../data/query.js";
import { alternate, type Plan } from "../measure/alternate.js";
import { assertCorrect, type Contestant } from "../measure/contestant.js";
import { type CaseResult, compare, notesOn } from "../report/caseResult.js";
import type { RunningServer } from "../servers/serverProcess.js";
import type { World } from "./world.js";

/** An answer that a client could still use may come from a cache; a fresh one needs a request that is as old. */
export const LIFETIME_SEC = 240;
export const EZCCIP = "@resolverworks/ezccip";

/** Null, after it has said why, for what cannot be measured here. */
export type Case = (world: World, start: Start) => Promise<CaseResult | null>;

/** Notes the server, so that it is stopped whatever happens. */
export type Start = (server: Promise<RunningServer>) => Promise<RunningServer>;

interface Comparison extends Pick<Plan, "uniqueForSec"> {
  readonly title: string;
  readonly contestants: readonly Contestant[];
  /** As many as usual unless it is given. */
  readonly connections?: number;
}

export async function measure(
  { options, instruments: usual, signer }: World,
  { title, contestants, uniqueForSec, connections = usual.connections }: Comparison,
): Promise<CaseResult> {
  const instruments = { ...usual, connections };
  const { rounds, seconds, warmUpSeconds } = options;
  for (const each of contestants) await assertCorrect(each, signer);
  const plan = { rounds, seconds, warmUpSeconds, uniqueForSec };
  const turns = await alternate(title, contestants, plan, instruments);
  for (const each of contestants) await assertCorrect(each, signer);
  const { servers, ratios } = compare(turns);
  return {
    title,
    measuredAt: new Date().toISOString(),
    connections,
    rounds,
    secondsPerTurn: seconds,
    servers,
    ratios,
    notes: notesOn(servers),
  };
}

export function contestant(server: RunningServer, dataset: Dataset, query: Query): Contestant {
  return { name: server.name, server, dataset, query, asked: 0 };
}
