/** Whether the relay node can work, and whether senders find it. */
import type { Pool } from "../../db/pool.js";
import { durabilityReasons } from "../../health/durableDatabase.js";
import type { Readiness } from "../../http/readiness.js";
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
  return async () => ({
    reasons: [...(await durabilityReasons(parts.pool, "The relay node")), ...chainReasons(parts)],
    warnings: [...(await publishedWarnings(parts)), ...parts.canaryWarnings()],
  });
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
}: ReadinessParts): Promise<readonly string[]> {
  if (ensName === null || url === null) {
    return [
      "Nobody can find the relay node before it has a name: set RELAY_ENS_NAME and RELAY_URL, and publish its record (`signpost relay show`).",
    ];
  }
  const outcome = await record.outcome(KEPT_MS);
  if (outcome === null) return [];
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
