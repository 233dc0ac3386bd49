/** Whether the relay node can work, and whether senders find it. */
import type { Pool } from "../../db/pool.js";
import { within } from "../../fetch/within.js";
import { durabilityReasons } from "../../health/durableDatabase.js";
import { type Readiness, READY_TIMEOUT_MS } from "../../http/readiness.js";
import { keySetShown, type OwnRecord, type OwnRecordParts } from "./ownRecord.js";
import { type RelayKeys, toPublishOf } from "./relayKeys.js";

/** Of what ENS says of the node's own name. */
const KEPT_MS = 60_000;

export interface ReadinessParts extends Omit<OwnRecordParts, "nowMs"> {
  readonly pool: Pool;
  readonly keys: Pick<RelayKeys, "all">;
  readonly record: OwnRecord;
  /** What the canary found. */
  readonly canaryWarnings: () => readonly string[];
}

export function relayReadiness(parts: ReadinessParts): Readiness {
  return async () => {
    const [reasons, warnings] = await Promise.all([
      durabilityReasons(parts.pool, "The relay node"),
      publishedWarnings(parts),
    ]);
    return {
      reasons: [...reasons, ...chainReasons(parts)],
      warnings: [...warnings, ...parts.canaryWarnings()],
    };
  };
}

function chainReasons({ resolve }: ReadinessParts): readonly string[] {
  if (resolve !== null) return [];
  return [
    "The relay node cannot find out who senders are: CHAIN_RPC_URLS names no RPC node of the chain of RELAY_ENS_CHAIN.",
  ];
}

async function publishedWarnings({
  ensName,
  url,
  keys,
  record,
  resolve,
}: ReadinessParts): Promise<readonly string[]> {
  if (ensName === null || url === null) {
    return [
      "Nobody can find the relay node before it has a name: set RELAY_ENS_NAME and RELAY_URL, and publish its record (`signpost relay show`).",
    ];
  }
  const outcome = await knownOutcome(record);
  // where nobody can be asked is a reason
  if (outcome === null) return resolve === null ? [] : [NOT_TOLD_YET];
  if (outcome.status !== "found") return [`The relay node's own name: ${outcome.sentence}`];
  const shown = keySetShown(outcome, url, keys.all());
  if (shown !== null && shown.number === toPublishOf(keys.all()).number) return [];
  if (shown !== null) {
    return [
      `The relay node has other keys than the record of ${ensName} in ENS. It works with both; publish the record that \`signpost relay show\` prints.`,
    ];
  }
  return [
    `ENS has another record for ${ensName} than this relay node: senders encrypt for keys that it does not have, or send elsewhere. Publish the record that \`signpost relay show\` prints.`,
  ];
}

const NOT_TOLD_YET =
  "ENS has not told yet what record the relay node's name has. Look at the RPC node of the chain of RELAY_ENS_CHAIN if this stays.";

/** As it was seen last where ENS has to be asked again, which may take longer than a probe waits. */
function knownOutcome(record: OwnRecord): ReturnType<OwnRecord["outcome"]> {
  const longestMs = record.latest() === null ? READY_TIMEOUT_MS : 0;
  return within(longestMs, record.outcome(KEPT_MS), record.latest);
}
