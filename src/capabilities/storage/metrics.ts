/** Numbers of the storage. */
import { LOOKUP_RESULTS, type LookupResult } from "../../accounts/countedDirectory.js";
import type { RequestResult } from "../../http/accounts/routing.js";
import { STORAGE_STATUS } from "../../http/storage/routeTexts.js";
import type { Publisher } from "../../observe/publish.js";
import { add, known, labelled } from "../../observe/samples.js";
import type { StorageFigures } from "../../storage/store.js";

/** What time ended, what was left of accounts and conversations that are gone, and what is no longer known to be deleted. */
const RETENTION_WORK = ["expired", "removed", "deleted", "forgotten"] as const;

export type RetentionWork = (typeof RETENTION_WORK)[number];

/** From the first on, so that one more is seen as one more. */
const RESULTS: readonly RequestResult[] = [
  "answered",
  ...(Object.keys(STORAGE_STATUS) as (keyof typeof STORAGE_STATUS)[]),
];

/** What is known elsewhere, asked when somebody reads the numbers; null where it is not known. */
interface StorageSources {
  readonly figures: () => StorageFigures | null;
  /** When retention was last done with all that there was, or when this process began; Unix milliseconds. */
  readonly retainedMs: () => number;
  readonly nowMs: () => number;
}

export interface StorageMetrics {
  readonly written: (written: { readonly messages: number }) => void;
  readonly ended: (result: RequestResult) => void;
  readonly lookedUp: (result: LookupResult) => void;
  readonly retained: (work: RetentionWork, count: number) => void;
  readonly publish: (publish: Publisher, sources: StorageSources) => void;
}

export function storageMetrics(): StorageMetrics {
  let written = 0;
  const requests = new Map<RequestResult, number>(RESULTS.map((result) => [result, 0]));
  const lookups = new Map<LookupResult, number>(LOOKUP_RESULTS.map((result) => [result, 0]));
  const retention = new Map<RetentionWork, number>(RETENTION_WORK.map((work) => [work, 0]));
  return {
    written: ({ messages }) => {
      written += messages;
    },
    ended: (result) => {
      add(requests, result, 1);
    },
    lookedUp: (result) => {
      add(lookups, result, 1);
    },
    retained: (work, count) => {
      add(retention, work, count);
    },
    publish: (publish, sources) => {
      publish.counter(
        "signpost_storage_requests_total",
        "Requests, answered or by the code by which they were refused.",
        () => labelled("result", requests),
      );
      publish.counter(
        "signpost_storage_written_messages_total",
        "Messages that were kept, changed, moved or taken in.",
        () => [{ value: written }],
      );
      publish.counter(
        "signpost_storage_ens_lookups_total",
        "Questions to ENS who a user is, by what came of them.",
        () => labelled("result", lookups),
      );
      publish.counter("signpost_storage_retention_total", "Rows that were deleted, by why.", () =>
        labelled("work", retention),
      );
      publishFigures(publish, sources);
    },
  };
}

function publishFigures(publish: Publisher, { figures, retainedMs, nowMs }: StorageSources): void {
  // every process asks the same database: their answers are not added up
  const gauge = (name: string, help: string, how: "min" | "max", read: () => number | null) => {
    publish.gauge(`signpost_storage_${name}`, help, how, () => known(read()));
  };
  gauge("accounts", "Accounts.", "max", () => figures()?.accounts ?? null);
  gauge("conversations", "Conversations of all accounts.", "max", () => {
    return figures()?.conversations ?? null;
  });
  gauge("messages", "Messages of all accounts.", "max", () => figures()?.messages ?? null);
  gauge("bytes", "Bytes of all accounts.", "max", () => figures()?.bytes ?? null);
  gauge(
    "removing_accounts",
    "Accounts that are gone, and whose rows are deleted yet.",
    "max",
    () => {
      return figures()?.removing ?? null;
    },
  );
  gauge(
    "retention_age_seconds",
    "Since retention was last done, or since the start.",
    "min",
    () => (nowMs() - retainedMs()) / 1000,
  );
}
