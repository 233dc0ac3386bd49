/** One of the user's relay nodes: reads the mailbox whenever that makes sense, and listens where it can. */
import { isSignpostError, SignpostError } from "../errors.js";
import type { FoundRelayNode } from "../lookup/outcome.js";
import { pauseMs } from "../sending/patience.js";
import type { Take } from "./inbox.js";
import type { IncomingMessage, ReadOptions } from "./incomingMessage.js";
import { type LiveConnection, type LiveParts, openLiveConnection } from "./liveConnection.js";
import type { Acknowledgement, MailboxPage, RelayNodeApi } from "./relayNodeApi.js";
import type { Session, SessionClock } from "./session.js";

export interface MailboxParts extends SessionClock {
  readonly node: FoundRelayNode;
  readonly name: string;
  readonly api: RelayNodeApi;
  readonly session: Session;
  readonly take: Take;
  readonly reading: ReadOptions;
  readonly live: Pick<LiveParts, "io" | "socketOptions"> | null;
  readonly pollMs: number;
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  /** Resolves when there is room for the next one. */
  readonly onMessage: (message: IncomingMessage) => Promise<unknown>;
  readonly onProblem: (problem: Problem) => void;
  /** Told after the mailbox was read for the first time, or could not be. */
  readonly onFirstLook: () => void;
}

export interface Problem {
  readonly relayNode: string;
  readonly error: SignpostError;
  /** The envelope that could not be read, or null where the relay node itself is the problem. */
  readonly envelope: unknown;
}

export interface Mailbox {
  /** Ends at once: what is under way then comes to nothing. */
  stop(): void;
}

/** While a connection is open, what is pushed comes by it; this is for what it lost. */
const SAFETY_MS = 5 * 60_000;
const MOST_PUSHED = 100;
/** Of 200 messages at our nodes. */
const MOST_PAGES = 100;
const AFTER_FAILURE = { firstMs: 2_000, mostMs: 5 * 60_000 };

export function openMailbox(parts: MailboxParts): Mailbox {
  const { node, name, api, session, onProblem } = parts;
  const relayNode = node.name;
  const stopping = new AbortController();
  /** Of the present round: aborted where somebody asked for another one at once, also while it is under way. */
  let pause = new AbortController();
  const isStopping = () => stopping.signal.aborted;
  /** One envelope at a time, so that a conversation stays in its order. */
  let taking: Promise<unknown> = Promise.resolve();
  let waiting = 0;

  const wake = () => {
    pause.abort();
  };
  const failed = (thrown: unknown, envelope: unknown = null): void => {
    const error = isSignpostError(thrown) ? thrown : defect(thrown);
    onProblem({ relayNode, error, envelope });
  };

  async function take(envelope: unknown): Promise<Acknowledgement | null> {
    if (isStopping()) return null;
    const reading = { ...parts.reading, relayNode: node.profile };
    const taken = await parts.take(relayNode, envelope, reading);
    if (taken.kind === "unreadable" && !taken.isKnown) failed(taken.error, envelope);
    if (taken.kind === "new") await parts.onMessage(taken.message);
    return taken.kind === "acknowledged" ? taken.by : null;
  }

  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const next = taking.then(work);
    taking = next.catch(() => undefined);
    return next;
  }

  /** From the beginning each time, because what could not be read before may be readable now. */
  async function catchUp(): Promise<void> {
    let after = "";
    for (let pages = 0; pages < MOST_PAGES && !isStopping(); pages++) {
      const from = after;
      const page = await session.withToken((token) => api.incoming(name, token, from));
      await takePage(page);
      if (page.next === null || page.next === after || page.envelopes.length === 0) return;
      after = page.next;
    }
  }

  /** The app gets the oldest first. */
  async function takePage({ envelopes, next }: MailboxPage): Promise<void> {
    const known: Acknowledgement[] = [];
    for (const envelope of next === null ? [...envelopes].reverse() : envelopes) {
      const by = await inTurn(() => take(envelope));
      if (by !== null) known.push(by);
    }
    if (known.length === 0) return;
    await session.withToken((token) => api.acknowledge(name, token, known));
  }

  function takePushed(envelope: unknown): void {
    // more than the app takes: it is in the mailbox as well
    if (waiting >= MOST_PUSHED) return;
    waiting++;
    void inTurn(() => take(envelope))
      .catch(failed)
      .finally(() => waiting--);
  }

  async function run(live: LiveConnection | null): Promise<void> {
    let failures = 0;
    while (!isStopping()) {
      pause = new AbortController();
      let ms = parts.pollMs;
      try {
        await catchUp();
        failures = 0;
        live?.retry();
        if (live?.isOpen() === true) ms = Math.max(ms, SAFETY_MS);
      } catch (error) {
        failed(error);
        live?.retry();
        failures++;
        ms = Math.max(ms, pauseMs(failures, AFTER_FAILURE, parts.chance()), askedPauseMs(error));
      }
      parts.onFirstLook();
      await parts.sleep(ms, pause.signal);
    }
  }

  const live =
    parts.live === null
      ? null
      : openLiveConnection({
          ...parts.live,
          ...{ url: node.profile.url, name, session, onOpen: wake, onEnvelope: takePushed },
        });
  void run(live);
  return {
    stop() {
      stopping.abort();
      pause.abort();
      live?.close();
    },
  };
}

/** What the relay node asks for, within bounds. */
function askedPauseMs(error: unknown): number {
  const asked = isSignpostError(error, "UNREACHABLE") ? error.details["retryAfterMs"] : 0;
  return typeof asked === "number" ? Math.min(asked, AFTER_FAILURE.mostMs) : 0;
}

function defect(cause: unknown): SignpostError {
  const sentence = "A mailbox could not be read because of a defect; please report it.";
  return new SignpostError("INTERNAL", sentence, {}, { cause });
}
