/**
 * What was submitted to the gateway, by the hash of its bytes: the gateway speaks of it by that. What is said is kept as well until the
 * message has an end, because the gateway may ask days later that it be sealed anew.
 */
import type { NewMessage } from "../dm3/message/messageContent.js";
import type { KeyValue } from "../sending/keyValue.js";

interface Submission {
  /** Of the message in the outbox. */
  readonly id: string;
  /** SHA-256 of the proxy envelope. */
  readonly hash: string;
  /** The receiver's at the gateway. */
  readonly address: string;
  /** Null when the message has an end. */
  readonly given: NewMessage | null;
  readonly deliveryInstruction: string | null;
  /** Unix time in milliseconds. */
  readonly atMs: number;
}

export interface Submissions {
  /** Keeps it before the first byte goes out. */
  keep(submission: Submission): Promise<void>;
  /** Null where this device submitted no such thing to that address. */
  find(address: string, hash: string): Promise<Submission | null>;
  /** Nothing will be sealed anew: what is said is forgotten. */
  ended(id: string): Promise<void>;
}

const KEPT = "submitted/";
/** As long as the outbox remembers what is over. */
const REMEMBERED_MS = 60 * 24 * 3_600_000;

export function createSubmissions(store: KeyValue, nowMs: () => number): Submissions {
  /** Ids by hash. */
  let loading: Promise<Map<string, string>> | null = null;

  async function load(): Promise<Map<string, string>> {
    const ids = new Map<string, string>();
    for (const [key, value] of await store.entries(KEPT)) {
      const { id, hash, atMs } = value as Submission;
      if (atMs < nowMs() - REMEMBERED_MS) await store.delete(key);
      else ids.set(hash, id);
    }
    return ids;
  }

  function loaded(): Promise<Map<string, string>> {
    loading ??= load().catch((error: unknown) => {
      loading = null; // asked again the next time
      throw error;
    });
    return loading;
  }

  return {
    async keep(submission) {
      const ids = await loaded();
      if (ids.get(submission.hash) === submission.id) return;
      await store.set(KEPT + submission.id, submission);
      ids.set(submission.hash, submission.id);
    },
    async find(address, hash) {
      const id = (await loaded()).get(hash);
      if (id === undefined) return null;
      const kept = (await store.get(KEPT + id)) as Submission | null;
      return kept?.address === address && kept.hash === hash ? kept : null;
    },
    async ended(id) {
      const kept = (await store.get(KEPT + id)) as Submission | null;
      if (kept !== null && kept.given !== null)
        await store.set(KEPT + id, { ...kept, given: null });
    },
  };
}
