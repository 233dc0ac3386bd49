/**
 * Which messages the app has had. A message is handed over once, whatever copies come by whatever ways, and again only after
 * a restart, as long as the app did not acknowledge it. What was acknowledged is remembered in the store.
 */
import type { Awaitable } from "../dm3/crypto/cryptoEngine.js";
import type { SignpostError } from "../errors.js";
import type { KeyValue } from "../sending/keyValue.js";
import { asSignpostError } from "./defect.js";
import {
  acknowledgementOf,
  copyOf,
  type IncomingMessage,
  readIncoming,
  type ReadOptions,
} from "./incomingMessage.js";
import type { Acknowledgement } from "./relayNodeApi.js";

type Taken =
  | { readonly kind: "new"; readonly message: IncomingMessage }
  /** The app has it, and did not acknowledge it. */
  | { readonly kind: "pending"; readonly id: string }
  /** The app acknowledged it: this copy can go as well. */
  | { readonly kind: "acknowledged"; readonly by: Acknowledgement | null }
  /** A check failed, or it could not be made. It stays at the relay node. */
  | {
      readonly kind: "unreadable";
      readonly error: SignpostError;
      /** Whether that was told before. */
      readonly isKnown: boolean;
    };

export interface Reader {
  /** Takes what one relay node hands over. */
  take(relayNode: string, envelope: unknown, options: ReadOptions): Promise<Taken>;
  /** Whether it would be taken without being read. */
  isKnown(relayNode: string, envelope: unknown): boolean;
}

export interface Inbox {
  /** For a reader who has had nothing but what was acknowledged. What earlier ones still take, nobody gets. */
  begin(): Reader;
  /** Remembers it, and returns what each relay node is to be told. */
  acknowledge(message: IncomingMessage): Promise<ReadonlyMap<string, readonly Acknowledgement[]>>;
}

const SEEN = "seen/";
/** Copies by their bytes, so that what stays at the relay node is not decrypted each time. */
const MOST_COPIES = 20_000;
/** What failed a check is read again after so long: names and keys in ENS change. */
const AGAIN_MS = 10 * 60_000;
/** Longer than relay nodes keep messages. */
const SEEN_FOR_MS = 400 * 24 * 3_600_000;

interface Copy {
  readonly id: string | null;
  readonly error: SignpostError | null;
  readonly readMs: number;
}

/** Of one reader. */
interface Reading {
  readonly copies: Map<string, Copy>;
  /** By id: which relay nodes have copies, and how they call them. */
  readonly pending: Map<string, Map<string, Acknowledgement[]>>;
}

/** @param isNeeded whether the relay nodes are to keep a message that was acknowledged */
export function createInbox(
  store: KeyValue,
  nowMs: () => number,
  isNeeded: (id: string) => Awaitable<boolean> = () => false,
): Inbox {
  let current: Reading = { copies: new Map(), pending: new Map() };
  /** Acknowledged since the start, before the store knows. */
  const done = new Set<string>();
  let forgetting: Promise<void> | null = null;

  /** What is known of it by its bytes alone. */
  function known({ copies, pending }: Reading, copy: string | null): Taken | null {
    const { error, readMs = 0, id } = copies.get(copy ?? "") ?? {};
    if (error && nowMs() < readMs + AGAIN_MS) return { kind: "unreadable", error, isKnown: true };
    return id != null && pending.has(id) ? { kind: "pending", id } : null;
  }

  async function take(
    reading: Reading,
    relayNode: string,
    envelope: unknown,
    options: ReadOptions,
  ): Promise<Taken> {
    const { copies, pending } = reading;
    await (forgetting ??= forgetOld(store, nowMs() - SEEN_FOR_MS));
    const copy = copyAt(relayNode, envelope);
    const taken = known(reading, copy);
    if (taken !== null) return taken;
    const note = (what: Omit<Copy, "readMs">) => {
      if (copy !== null) keepNewest(copies, copy, { ...what, readMs: nowMs() });
    };
    let message: IncomingMessage;
    try {
      message = await readIncoming(envelope, options);
    } catch (thrown) {
      const error = asSignpostError(thrown, "An envelope could not be read");
      // who is not known now is asked for the next time
      if (error.code !== "UNREACHABLE") note({ id: null, error });
      return { kind: "unreadable", error, isKnown: false };
    }
    const { id } = message;
    const by = acknowledgementOf(message);
    note({ id, error: null });
    const isSeen = (await store.get(SEEN + id)) !== null;
    // without a pause between looking and noting: another copy may be read, or this one acknowledged, at this moment
    if (isSeen || done.has(id)) {
      return { kind: "acknowledged", by: (await isNeeded(id)) ? null : by };
    }
    const isNew = !pending.has(id);
    noteHolder(pending, id, relayNode, by);
    return isNew ? { kind: "new", message } : { kind: "pending", id };
  }

  return {
    begin() {
      const reading: Reading = { copies: new Map(), pending: new Map() };
      current = reading;
      return {
        take: (...what) => take(reading, ...what),
        isKnown: (...where) => known(reading, copyAt(...where)) !== null,
      };
    },
    async acknowledge({ id }) {
      const holders = current.pending.get(id) ?? new Map<string, Acknowledgement[]>();
      current.pending.delete(id);
      done.add(id);
      const [oldest] = done;
      if (done.size > MOST_COPIES && oldest !== undefined) done.delete(oldest);
      await store.set(SEEN + id, nowMs());
      return holders;
    },
  };
}

function copyAt(relayNode: string, envelope: unknown): string | null {
  const bytes = copyOf(envelope);
  return bytes === null ? null : `${relayNode} ${bytes}`;
}

function keepNewest(copies: Map<string, Copy>, copy: string, known: Copy): void {
  copies.delete(copy);
  copies.set(copy, known);
  const [oldest] = copies.keys();
  if (copies.size > MOST_COPIES && oldest !== undefined) copies.delete(oldest);
}

function noteHolder(
  pending: Reading["pending"],
  id: string,
  relayNode: string,
  by: Acknowledgement | null,
): void {
  const holders = pending.get(id) ?? new Map<string, Acknowledgement[]>();
  const list = holders.get(relayNode) ?? [];
  const isKnown = list.some(({ messageHash }) => messageHash === by?.messageHash);
  holders.set(relayNode, by === null || isKnown ? list : [...list, by]);
  pending.set(id, holders);
}

async function forgetOld(store: KeyValue, beforeMs: number): Promise<void> {
  for (const [key, seenMs] of await store.entries(SEEN)) {
    if (typeof seenMs === "number" && seenMs < beforeMs) await store.delete(key);
  }
}
