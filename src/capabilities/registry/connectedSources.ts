/** Services' own data as the gateway asks for them: each is opened with its first lookup, and let go of when it was removed. */
import { isSignpostError, SignpostError } from "../../errors.js";
import type { SourcedRecords } from "../../gateway/gateway.js";
import type { ReadinessReport } from "../../http/readiness.js";
import type { DomainSource } from "../../registry/domains/domain.js";
import { type RememberedRows, rememberedRows } from "../../registry/sources/rememberedRows.js";
import { answerOfSource, type SourcedNameParts } from "../../registry/sources/sourcedNames.js";
import type { SourceSecrets } from "../../registry/sources/sourceSecrets.js";
import type { SourceStore } from "../../registry/sources/sourceStore.js";
import { type WatchedRows, watchedRows } from "../../registry/sources/watchedRows.js";
import { type OpenedSource, openSource } from "./openSource.js";

export interface ConnectedSources extends SourcedRecords {
  /** Throws SOURCE_UNAVAILABLE where it cannot be opened. */
  opened(source: DomainSource): Promise<OpenedSource>;
  /** Warnings only: of each source that did not answer the last time that it was asked. */
  report(): ReadinessReport;
  /** Lets go of all others. */
  keepOnly(sources: readonly DomainSource[]): void;
  close(): Promise<void>;
}

export interface ConnectedSourcesParts extends SourcedNameParts {
  readonly store: Pick<SourceStore, "source">;
  readonly secrets: Pick<SourceSecrets, "open">;
  /** The clock, in milliseconds of Unix time. */
  readonly nowMs: () => number;
}

/** Whoever asks within this after a failure is told the same. */
const RETRY_MS = 1000;

interface Connected {
  readonly opened: OpenedSource;
  readonly watched: WatchedRows;
  readonly rows: RememberedRows;
}

interface Connecting {
  readonly connected: Promise<Connected>;
  failure: () => unknown;
  failedAtMs: number | null;
}

export function connectedSources(parts: ConnectedSourcesParts): ConnectedSources {
  const { store, secrets, nowMs } = parts;
  const byId = new Map<string, Connecting>();

  async function connect(source: DomainSource): Promise<Connected> {
    const stored = await store.source(source.id);
    if (stored === null) throw unopened(source, "it was removed");
    const secret = await secretOf(source);
    const opened = openedBy(() => openSource(source, stored.settings, secret, nowMs), source);
    const watched = watchedRows(opened);
    return { opened, watched, rows: rememberedRows(watched, stored.freshMs, nowMs) };
  }

  async function secretOf(source: DomainSource): Promise<string | null> {
    try {
      return await secrets.open(source.id);
    } catch (error) {
      if (isSignpostError(error, "DATABASE_UNAVAILABLE")) throw error;
      throw unopened(source, "its password cannot be opened", error);
    }
  }

  function connectedTo(source: DomainSource): Promise<Connected> {
    const known = byId.get(source.id);
    const isOver = known?.failedAtMs != null && Math.abs(nowMs() - known.failedAtMs) >= RETRY_MS;
    if (known && !isOver) return known.connected;
    const connecting: Connecting = {
      connected: connect(source),
      failure: () => null,
      failedAtMs: null,
    };
    connecting.connected.then(
      ({ watched }) => (connecting.failure = () => watched.lastFailure),
      (error: unknown) => {
        connecting.failure = () => error;
        connecting.failedAtMs = nowMs();
      },
    );
    byId.set(source.id, connecting);
    return connecting.connected;
  }

  async function letGo(id: string): Promise<void> {
    const known = byId.get(id);
    byId.delete(id);
    await known?.connected.then(
      ({ opened }) => opened.close(),
      () => undefined,
    );
  }

  return {
    recordsOf: async (source, name, node) => {
      const { rows } = await connectedTo(source);
      return (await answerOfSource(parts, { ...source, rows }, name, node)).served;
    },
    opened: async (source) => (await connectedTo(source)).opened,
    report: () => ({
      reasons: [],
      warnings: [...byId.values()].flatMap(({ failure }) => {
        const error = failure();
        return error instanceof Error ? [error.message] : [];
      }),
    }),
    keepOnly: (sources) => {
      if (byId.size === 0) return;
      const kept = new Set(sources.map(({ id }) => id));
      for (const id of [...byId.keys()]) if (!kept.has(id)) void letGo(id);
    },
    close: async () => {
      await Promise.all([...byId.keys()].map(letGo));
    },
  };
}

function openedBy(open: () => OpenedSource, source: DomainSource): OpenedSource {
  try {
    return open();
  } catch (error) {
    if (!isSignpostError(error, "INVALID_CONFIGURATION", "FORBIDDEN_ADDRESS")) throw error;
    throw unopened(source, "it cannot be asked as it is configured", error);
  }
}

function unopened({ id, domain }: DomainSource, reason: string, cause?: unknown): SignpostError {
  return new SignpostError(
    "SOURCE_UNAVAILABLE",
    `The data source of ${domain} cannot be asked: ${reason}. Look at it by \`signpost source show ${domain}\`.`,
    { source: id, domain, reason },
    { cause },
  );
}
