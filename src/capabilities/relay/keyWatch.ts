/**
 * Exchanges the node's keys without losing a message. ENS decides: when it shows the record with other keys of this node, those
 * become the current ones, which sign postmarks. All that are kept go on opening what senders encrypted, former ones for
 * RELAY_FORMER_KEY_DAYS; then they are forgotten.
 */
import type { KeySetStore } from "../../db/relay/keySetStore.js";
import { type Rounds, startRounds } from "../../health/rounds.js";
import { toSignpostError } from "../../http/shownError.js";
import type { Parts } from "../../service/capability.js";
import { keySetShown, type OwnRecord } from "./ownRecord.js";
import { currentOf, type RelayKeys } from "./relayKeys.js";

export interface KeyWatchParts extends Pick<Parts, "nowMs" | "reportFailure"> {
  readonly store: Pick<KeySetStore, "makeCurrent" | "retire">;
  readonly keys: Pick<RelayKeys, "all" | "refresh">;
  readonly record: OwnRecord;
  readonly url: string | null;
  readonly formerKeyDays: number;
  /** Between looks; default: 15 seconds. */
  readonly pauseMs?: number | undefined;
}

const PAUSE_MS = 15_000;
/** How old an answer of ENS may be: at most, and while keys wait to be published there. */
const ENS_MS = { usual: 60_000, expecting: 1_000 };
const DAY_MS = 86_400_000;

export function watchKeys(parts: KeyWatchParts): Rounds {
  const { keys, reportFailure, pauseMs = PAUSE_MS } = parts;
  const round = async () => {
    try {
      await keys.refresh();
      await followEns(parts);
      await retireOld(parts);
    } catch (error) {
      reportFailure(toSignpostError(error));
    }
  };
  return startRounds(round, () => pauseMs);
}

async function followEns({ store, keys, record, url }: KeyWatchParts): Promise<void> {
  const isExpecting = keys.all().some(({ state }) => state === "next");
  const outcome = await record.outcome(isExpecting ? ENS_MS.expecting : ENS_MS.usual);
  const shown = keySetShown(outcome, url, keys.all());
  if (shown === null || shown.number === currentOf(keys.all()).number) return;
  await store.makeCurrent(shown.number);
  await keys.refresh();
}

async function retireOld({ store, keys, formerKeyDays, nowMs }: KeyWatchParts): Promise<void> {
  const old = keys
    .all()
    .filter(
      ({ state, sinceMs }) => state === "former" && sinceMs < nowMs() - formerKeyDays * DAY_MS,
    );
  for (const { number } of old) await store.retire(number);
  if (old.length > 0) await keys.refresh();
}
