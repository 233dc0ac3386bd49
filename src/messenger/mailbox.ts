/** One of the user's relay nodes: reads the mailbox whenever that makes sense, and listens where it can. */
import { isSignpostError, type SignpostError } from "../errors.js";
import type { FoundRelayNode } from "../lookup/outcome.js";
import { pauseMs } from "../sending/patience.js";
import { createCatchUp } from "./catchUp.js";
import { asSignpostError } from "./defect.js";
import type { Reader } from "./inbox.js";
import type { IncomingMessage, ReadOptions } from "./incomingMessage.js";
import { type LiveConnection, type LiveParts, openLiveConnection } from "./liveConnection.js";
import { createLookAhead, MOST_AHEAD } from "./lookAhead.js";
import type { Acknowledgement, MailboxPage, RelayNodeApi } from "./relayNodeApi.js";
import type { Session, SessionClock } from "./session.js";

export interface MailboxParts extends SessionClock {
  readonly node: FoundRelayNode;
  readonly name: string;
  readonly api: RelayNodeApi;
  readonly session: Session;
  readonly reader: Reader;
  readonly reading: ReadOptions;
  readonly live: Pick<LiveParts, "io" | "socketOptions"> | null;
  readonly pollMs: number;
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  /** Resolves when there is room for the next one. */
  readonly onMessage: (message: IncomingMessage, envelope: unknown) => Promise<unknown>;
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
/** What is pushed and waits for the app. */
const MOST_PUSHED = 100;
/** What was pushed beyond that is looked for in the mailbox after so long. */
const MISSED_MS = 1_000;
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
  /** What is pushed is left to the mailbox, so that it stays in its order behind what was left there before. */
  let isMissing = false;
  let isLookingSoon = false;
  const wake = () => {
    pause.abort();
  };
  const lookAhead = createLookAhead(parts.reading.contactOf, isStopping);
  const catchUp = createCatchUp({
    ...{ nowMs: parts.nowMs, chance: parts.chance, isStopping, takePage, onSooner: wake },
    pageAfter: (after) => session.withToken((token) => api.incoming(name, token, after)),
  });

  const failed = (thrown: unknown, envelope: unknown = null): void => {
    const error = asSignpostError(thrown, "A mailbox could not be read");
    onProblem({ relayNode, error, envelope });
  };

  async function take(envelope: unknown): Promise<Acknowledgement | null> {
    if (isStopping()) return null;
    const reading = { ...parts.reading, relayNode: node.profile };
    const taken = await parts.reader.take(relayNode, envelope, reading);
    if (taken.kind === "unreadable") {
      if (taken.error.code === "UNREACHABLE") catchUp.noteOpen();
      if (!taken.isKnown) failed(taken.error, envelope);
    }
    if (taken.kind === "new") await parts.onMessage(taken.message, envelope);
    return taken.kind === "acknowledged" ? taken.by : null;
  }

  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const next = taking.then(work);
    taking = next.catch(() => undefined);
    return next;
  }

  const unknown = (envelopes: readonly unknown[]) =>
    envelopes.filter((envelope) => !parts.reader.isKnown(relayNode, envelope));

  /** The app gets the oldest first. */
  async function takePage({ envelopes, next }: MailboxPage): Promise<void> {
    const known: Acknowledgement[] = [];
    const inOrder = next === null ? [...envelopes].reverse() : envelopes;
    for (const [index, envelope] of inOrder.entries()) {
      if (index % MOST_AHEAD === 0) lookAhead(unknown(inOrder.slice(index, index + MOST_AHEAD)));
      const by = await inTurn(() => take(envelope));
      if (by !== null) known.push(by);
    }
    if (known.length === 0) return;
    try {
      await session.withToken((token) => api.acknowledge(name, token, known));
    } catch (error) {
      // what it does not forget holds up nothing that lies behind
      if (!isSignpostError(error, "RELAY_NODE_REFUSED")) throw error;
      failed(error);
    }
  }

  function takePushed(envelope: unknown): void {
    if (isMissing || waiting >= MOST_PUSHED) {
      isMissing = true;
      void lookSoon();
      return;
    }
    waiting++;
    lookAhead(unknown([envelope]));
    void inTurn(() => take(envelope))
      .catch(failed)
      .finally(() => waiting--);
  }

  /** What is more than the app takes is in the mailbox as well. One look for however many. */
  async function lookSoon(): Promise<void> {
    if (isLookingSoon) return;
    isLookingSoon = true;
    await parts.sleep(MISSED_MS, stopping.signal);
    isLookingSoon = false;
    wake();
  }

  async function run(live: LiveConnection | null): Promise<void> {
    let failures = 0;
    while (!isStopping()) {
      pause = new AbortController();
      let ms = parts.pollMs;
      try {
        await catchUp.round();
        failures = 0;
        // else something was left there meanwhile
        if (!isLookingSoon) isMissing = false;
        live?.retry();
        if (live?.isOpen() === true) ms = Math.max(ms, SAFETY_MS);
        ms = Math.min(ms, catchUp.restMs());
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
