/** Numbers of the relay node. */
import { LOOKUP_RESULTS, type LookupResult } from "../../accounts/countedDirectory.js";
import type { ErrorCode, SignpostError } from "../../errors.js";
import { publishCanary } from "../../health/canaryGauges.js";
import type { CanaryFigures } from "../../health/canaryWatch.js";
import { type DurationCounts, durationCounts } from "../../observe/durationCounts.js";
import type { Publisher } from "../../observe/publish.js";
import { add, known, labelled } from "../../observe/samples.js";
import { type MailboxFigures, WAITING_REASONS } from "../../relay/mailboxFigures.js";

/** What time did: messages that nobody fetched, ended ones that are forgotten, blobs. */
const RETENTION_WORK = ["expired", "forgotten", "blobs"] as const;

export type RetentionWork = (typeof RETENTION_WORK)[number];

/** What is known elsewhere, asked when somebody reads the numbers; null where it is not known. */
interface RelaySources {
  readonly live: () => number;
  readonly figures: () => MailboxFigures | null;
  /** When retention was last done with all that there was; Unix milliseconds. */
  readonly retainedMs: () => number | null;
  /** Whether ENS shows this node's own record. */
  readonly isPublished: () => boolean | null;
  readonly canary: () => CanaryFigures | null;
  readonly nowMs: () => number;
}

export interface RelayMetrics {
  readonly submitted: (refused: SignpostError | null, durationMs: number) => void;
  readonly lookedUp: (result: LookupResult) => void;
  readonly retained: (work: RetentionWork, count: number) => void;
  readonly publish: (publish: Publisher, sources: RelaySources) => void;
}

export function relayMetrics(): RelayMetrics {
  const submits = new Map<ErrorCode | "accepted", number>();
  const durations: DurationCounts = durationCounts();
  const lookups = new Map<LookupResult, number>(LOOKUP_RESULTS.map((result) => [result, 0]));
  const retention = new Map<RetentionWork, number>(RETENTION_WORK.map((work) => [work, 0]));
  return {
    submitted: (refused, durationMs) => {
      add(submits, refused?.code ?? "accepted", 1);
      durations.note(durationMs);
    },
    lookedUp: (result) => {
      add(lookups, result, 1);
    },
    retained: (work, count) => {
      add(retention, work, count);
    },
    publish: (publish, sources) => {
      publish.counter(
        "signpost_relay_submits_total",
        "Submitted envelopes, by what came of them.",
        () => labelled("result", submits),
      );
      publish.durations("signpost_relay_submit_duration_seconds", "How long submits took.", () => [
        [{}, durations],
      ]);
      publish.counter(
        "signpost_relay_ens_lookups_total",
        "Questions to ENS who a sender or receiver is, by what came of them.",
        () => labelled("result", lookups),
      );
      publish.counter("signpost_relay_retention_total", "What time has ended.", () =>
        labelled("work", retention),
      );
      publishState(publish, sources);
    },
  };
}

function publishState(publish: Publisher, sources: RelaySources): void {
  const { live, figures, retainedMs, isPublished, canary, nowMs } = sources;
  const ageSec = (sinceMs: number) => (nowMs() - sinceMs) / 1000;
  // every process of a node asks the same database: their answers are not added up
  const gauge = (name: string, help: string, how: "min" | "max", read: () => number | null) => {
    publish.gauge(`signpost_relay_${name}`, help, how, () => known(read()));
  };
  publish.gauge("signpost_relay_live_connections", "Live connections.", "sum", () => [
    { value: live() },
  ]);
  gauge("oldest_waiting_seconds", "Age of the oldest message that waits.", "max", () => {
    const found = figures();
    if (found === null) return null;
    return found.oldestMs === null ? 0 : ageSec(found.oldestMs);
  });
  publish.gauge(
    "signpost_relay_waiting_messages",
    "Messages that wait, by why.",
    "max",
    function* () {
      const { waiting } = figures() ?? {};
      if (waiting === undefined) return;
      for (const reason of WAITING_REASONS) yield { labels: { reason }, value: waiting[reason] };
    },
  );
  gauge("blobs", "Blobs that are kept.", "max", () => figures()?.blobs ?? null);
  gauge("blob_bytes", "Bytes of all blobs.", "max", () => figures()?.blobBytes ?? null);
  gauge("retention_age_seconds", "Since retention was last done.", "min", () => {
    const atMs = retainedMs();
    return atMs === null ? null : ageSec(atMs);
  });
  gauge("record_published", "Whether ENS shows the record of this node.", "min", () => {
    const isSo = isPublished();
    return isSo === null ? null : Number(isSo);
  });
  publishCanary(publish, "relay", canary, nowMs);
}
