/**
 * Whose conversations pending writes belong to. Names are looked up side by side, and waited for only a moment: what is found out later
 * is there in the next round.
 */
import type { SignpostError } from "../errors.js";
import { whenAborted } from "../fetch/whenAborted.js";
import { asSignpostError } from "../messenger/defect.js";
import type { StorageParts } from "../messenger/storagePort.js";
import type { ContactIds } from "./contactIds.js";
import type { Pauses } from "./pauses.js";
import type { PendingWrite } from "./pendingWrites.js";

export interface WriteIdParts extends Pick<StorageParts, "sleep"> {
  readonly contactIds: Pick<ContactIds, "idOf">;
  /** Of contacts that could not be looked up. */
  readonly pauses: Pauses;
  readonly onFailure: (error: SignpostError) => void;
  /** A name was looked up that nobody waits for any more. */
  readonly onLate: () => void;
}

export interface WriteIds {
  /**
   * By contact, without those that are not known now. Never rejects.
   * @param signal ends the waiting
   */
  of(writes: readonly PendingWrite[], signal: AbortSignal): Promise<ReadonlyMap<string, string>>;
}

interface Wanted {
  readonly contact: string;
  readonly age: "remembered" | "now";
}

const AT_ONCE = 8;
const WAIT_MS = 500;

export function createWriteIds(parts: WriteIdParts): WriteIds {
  const { contactIds, pauses } = parts;
  const underWay = new Set<string>();
  const found = new Map<string, string>();
  /** What is to be looked up as soon as there is room, as long as somebody waits. */
  let wanted: Wanted[] = [];
  let waiting: (() => void) | null = null;

  /** Never rejects. */
  async function lookUp({ contact, age }: Wanted): Promise<void> {
    underWay.add(contact);
    try {
      found.set(contact, await contactIds.idOf(contact, age));
      pauses.succeeded(contact);
    } catch (thrown) {
      pauses.failed(contact);
      parts.onFailure(asSignpostError(thrown, "A name could not be looked up"));
    }
    underWay.delete(contact);
    if (waiting === null) parts.onLate();
    else goOn();
  }

  function goOn(): void {
    while (underWay.size < AT_ONCE) {
      const next = wanted.shift();
      if (next === undefined) break;
      void lookUp(next);
    }
    if (underWay.size === 0) waiting?.();
  }

  async function waited(signal: AbortSignal): Promise<void> {
    const ending = new AbortController();
    const end = () => {
      ending.abort();
    };
    const stopWaiting = whenAborted(signal, end);
    waiting = end;
    goOn();
    await parts.sleep(WAIT_MS, ending.signal);
    waiting = null;
    stopWaiting();
  }

  return {
    async of(writes, signal) {
      const unknown = writes.flatMap(({ write }) => (write.id === undefined ? [write] : []));
      // whoever had no address may have one now
      const anew = new Set(unknown.flatMap((one) => (one.kind === "clear" ? [one.contact] : [])));
      wanted = [...new Set(unknown.map(({ contact }) => contact))]
        .filter((one) => !underWay.has(one) && !found.has(one) && !pauses.has(one))
        .map((contact) => ({ contact, age: anew.has(contact) ? "now" : "remembered" }));
      if (wanted.length > 0) await waited(signal);
      wanted = [];
      const ids = new Map(found);
      found.clear();
      return ids;
    },
  };
}
