/** A source by its settings: a line for each kind. */
import { lookupIn } from "../../net/lookupIn.js";
import type { DomainSource } from "../../registry/domains/domain.js";
import { type GatheredRows, gatheredRows } from "../../registry/sources/gatheredRows.js";
import type { ListedSource } from "../../registry/sources/source.js";
import type { SourceSettings } from "../../registry/sources/sourceSettings.js";
import { openPostgresSource } from "../../source-postgres/openPostgresSource.js";
import { openHttpSource } from "./openHttpSource.js";

export interface OpenedSource extends GatheredRows {
  /** Null: it cannot tell which labels it has. */
  readonly labelsAfter: ListedSource["labelsAfter"] | null;
  /** Lets go of its connections; what is under way fails. */
  readonly close: () => Promise<void>;
}

/**
 * Asks nothing yet.
 * @param secret what it is asked with; null without one
 * @param nowMs the clock, Unix time in milliseconds
 * @throws INVALID_CONFIGURATION and FORBIDDEN_ADDRESS when it cannot be asked as it is configured
 */
export function openSource(
  { id, domain }: DomainSource,
  settings: SourceSettings,
  secret: string | null,
  nowMs: () => number,
): OpenedSource {
  const source = { id, domain };
  switch (settings.kind) {
    case "postgres": {
      const lookup = lookupIn(settings.network);
      const rows = openPostgresSource({ ...source, settings, password: secret ?? "", lookup });
      return {
        rowOf: gatheredRows(source, rows, { nowMs, inNextTurn: setImmediate, after: setTimeout })
          .rowOf,
        labelsAfter: (after, limit) => rows.labelsAfter(after, limit),
        close: () => rows.close(),
      };
    }
    case "http": {
      const { rowOf, close } = openHttpSource(source, settings, secret ?? "", nowMs);
      return { rowOf, labelsAfter: null, close };
    }
  }
}
