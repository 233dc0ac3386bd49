/** What the rounds come to: the figures of `ratios`, and a table for people. */
import { ratioByRound, type Spread, spreadOfMeasured } from "../measure/statistics.js";
import { markdownTable, times } from "../report/table.js";
import { COLD, type Rounds } from "./cases.js";
import { FEW_KEPT, type KeptResult, MANY } from "./keptCase.js";
import type { Measured } from "./posting.js";
import { OURS, SHIPPED, TUNED } from "./relayServers.js";
import { rowsOf } from "./roundRows.js";

export interface Findings {
  readonly submitted: Rounds;
  readonly fetched: Rounds;
  readonly acknowledged: Rounds;
  /** Milliseconds for each message of a conversation of ten thousand, acknowledged at once by ours. */
  readonly longConversation: { readonly messages: number; readonly elapsedMs: number };
  readonly kept: KeptResult | null;
}

export interface RelayRatios {
  readonly relayVsReference: number;
  readonly relayVsTunedReference: number;
  readonly relayCpuMs: number | null;
  readonly relayFetchVsReference: number;
  readonly relayAckVsReference: number;
  /** Null where another number of messages was kept. */
  readonly relay1e6Vs1e4: number | null;
}

const perSec = (rounds: Rounds, label: string) => of(rounds, label).map((round) => round.perSec);
const of = (rounds: Rounds, label: string): readonly Measured[] => rounds.get(label) ?? [];

function faster(rounds: Rounds, ours: string, theirs: string): Spread {
  const ratio = ratioByRound(perSec(rounds, ours), perSec(rounds, theirs));
  if (ratio === null) throw new Error("A round is missing.");
  return ratio;
}

/** The lower of submitting and fetching. */
function keptRatio({ submits, fetches }: KeptResult): number {
  return Math.min(faster(submits, MANY, FEW_KEPT).median, faster(fetches, MANY, FEW_KEPT).median);
}

const MILLION = 1_000_000;

/** Whoever knows no sender counts against the peer as shipped; a warm memory against the tuned one. */
export function ratiosOf(findings: Findings): RelayRatios {
  const { submitted, fetched, acknowledged, kept } = findings;
  return {
    relayVsReference: faster(submitted, COLD, SHIPPED).median,
    relayVsTunedReference: faster(submitted, OURS, TUNED).median,
    relayCpuMs: spreadOfMeasured(of(submitted, OURS).map(({ cpuMs }) => cpuMs))?.median ?? null,
    relayFetchVsReference: faster(fetched, OURS, SHIPPED).median,
    relayAckVsReference: faster(acknowledged, OURS, SHIPPED).median,
    relay1e6Vs1e4: kept?.most === MILLION ? keptRatio(kept) : null,
  };
}

export function tableOf(findings: Findings): string {
  const { submitted, fetched, acknowledged, kept, longConversation } = findings;
  const rows = [
    ...rowsOf("submit", submitted),
    ...rowsOf("fetch 100", fetched),
    ...rowsOf("acknowledge a conversation", acknowledged),
    ...(kept === null ? [] : rowsOf(`submit, ${kept.most} kept`, kept.submits)),
    ...(kept === null ? [] : rowsOf(`fetch 100, ${kept.most} kept`, kept.fetches)),
  ];
  const { messages, elapsedMs } = longConversation;
  const [short] = of(acknowledged, OURS);
  return [
    markdownTable([["case", "relay node", "per second", "p50", "p99", "CPU each"], ...rows], 2),
    "",
    `ours, ${messages} of one conversation acknowledged at once: ${Math.round(elapsedMs)} ms` +
      (short === undefined ? "" : `; the shorter one: ${Math.round(short.elapsedSec * 1000)} ms`),
    ...targetLines(findings),
  ].join("\n");
}

function targetLines(findings: Findings): string[] {
  const { submitted, fetched, acknowledged, kept } = findings;
  const { relayCpuMs } = ratiosOf(findings);
  const line = (what: string, ratio: Spread, wanted: string) =>
    `${what}: ${times(ratio.median)} (${times(ratio.lowest)} to ${times(ratio.highest)}; ${wanted})`;
  return [
    line(
      "submits, senders not known, against dm3 as shipped",
      faster(submitted, COLD, SHIPPED),
      "at least 25",
    ),
    line(
      "submits, senders known, against dm3 as shipped",
      faster(submitted, OURS, SHIPPED),
      "not a target",
    ),
    line(
      "submits, senders known, against dm3 tuned",
      faster(submitted, OURS, TUNED),
      "at least 2.2",
    ),
    line(
      "submits, senders not known, against dm3 tuned",
      faster(submitted, COLD, TUNED),
      "not a target",
    ),
    `CPU a message: ${relayCpuMs === null ? "not known here" : `${relayCpuMs.toFixed(2)} ms`} (at most 0.5)`,
    line("fetching 100", faster(fetched, OURS, SHIPPED), "at least 3"),
    line("acknowledging", faster(acknowledged, OURS, SHIPPED), "at least 100, of 400 messages"),
    ...(kept === null
      ? []
      : [`${kept.most} kept against 10000: ${times(keptRatio(kept))} (at least 0.9, of 1000000)`]),
  ];
}
