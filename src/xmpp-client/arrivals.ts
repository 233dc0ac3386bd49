/**
 * THE MAIN FLOW of receiving: envelopes that arrived, by whichever way, become messages that the app gets once. What the app keeps is
 * told to the gateway, and told again for each copy that comes live after that.
 */
import { SignpostError } from "../errors.js";
import { asSignpostError } from "../messenger/defect.js";
import type { Inbox } from "../messenger/inbox.js";
import type { IncomingMessage, ReadOptions } from "../messenger/incomingMessage.js";
import { pauseMs } from "../sending/patience.js";
import { createCopies } from "./copies.js";
import type { Heard, HeardBy, HeardEnvelope } from "./heard.js";
import type { XmppProblem } from "./xmppMessengerOptions.js";

export interface ArrivalParts {
  readonly inbox: Inbox;
  /** The gateway's host: where all envelopes come from. */
  readonly gateway: string;
  readonly reading: () => Promise<ReadOptions>;
  /** Resolves when there is room for the next one. */
  readonly onMessage: (message: IncomingMessage) => Promise<unknown>;
  readonly onProblem: (problem: XmppProblem) => void;
  /** Tells the gateway that the app keeps what was in this envelope. Never rejects. */
  readonly accept: (envelope: HeardEnvelope) => Promise<void>;
  /** There was more than could wait, and there is room again: what was left out has to be asked for. */
  readonly onMissed: () => void;
  readonly chance: () => number;
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly signal: AbortSignal;
}

type Arriving = Extract<Heard, { readonly kind: "envelope" | "damaged" }>;

export interface Arrivals {
  /** Takes what came live; never waits. */
  push(heard: Arriving, by: HeardBy, settle: () => void): void;
  /** Resolves when it was looked at, and there was room for its message. */
  take(heard: Arriving, by: HeardBy, settle: () => void): Promise<void>;
  /** The app keeps the message: tells the gateway for all copies that came. */
  acknowledged(id: string): Promise<void>;
}

/** Live ones that wait to be looked at, in number and characters. */
const MOST_WAITING = 500;
const MOST_CHARS = 20_000_000;
/** Those whose sender cannot be looked up now. */
const MOST_OPEN = 200;
const AGAIN = { firstMs: 5_000, mostMs: 15 * 60_000 };

interface Open {
  readonly heard: HeardEnvelope;
  readonly settle: () => void;
}

export function createArrivals(parts: ArrivalParts): Arrivals {
  const { onProblem, signal } = parts;
  const copies = createCopies(parts.accept);
  const reader = parts.inbox.begin();
  /** By hash. */
  const open = new Map<string, Open>();
  let taking: Promise<unknown> = Promise.resolve();
  let waiting = 0;
  let waitingChars = 0;
  /** Something was left out, and what follows is as well, so that it stays in its order. */
  let isMissing = false;
  let isRetrying = false;

  /** One at a time, so that a conversation stays in its order. */
  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const next = taking.then(work);
    taking = next.catch(() => undefined);
    return next;
  }

  async function look(heard: Arriving, { way }: HeardBy, settle: () => void): Promise<void> {
    if (signal.aborted) return;
    if (heard.kind === "damaged") {
      onProblem({ error: damaged(), envelope: null, from: heard.address });
      settle();
      return;
    }
    const { envelope, hash, address } = heard;
    const taken = await reader.take(parts.gateway, envelope, await parts.reading());
    switch (taken.kind) {
      case "new":
        copies.note(taken.message.id, heard, settle);
        await parts.onMessage(taken.message);
        break;
      case "pending":
        copies.note(taken.id, heard, settle);
        break;
      case "acknowledged":
        settle();
        await copies.tellAgain(heard, way === "live");
        break;
      case "unreadable":
        if (!taken.isKnown) onProblem({ error: taken.error, envelope, from: address });
        if (taken.error.code === "UNREACHABLE") readAgain({ heard, settle });
        else settle();
    }
    if (taken.kind !== "unreadable") open.delete(hash);
  }

  /** What is over comes from the archive and the gateway again, since it stays unsettled and is not accepted. */
  function readAgain(one: Open): void {
    if (open.size < MOST_OPEN) open.set(one.heard.hash, one);
    if (!isRetrying) void retry();
  }

  async function retry(): Promise<void> {
    isRetrying = true;
    for (let times = 1; open.size > 0 && !signal.aborted; times++) {
      await parts.sleep(pauseMs(times, AGAIN, parts.chance()), signal);
      for (const { heard, settle } of [...open.values()]) {
        await inTurn(() => look(heard, AGAIN_BY, settle)).catch(failed);
      }
    }
    isRetrying = false;
  }

  const failed = (thrown: unknown) => {
    const error = asSignpostError(thrown, "An envelope could not be taken");
    onProblem({ error, envelope: null, from: null });
  };

  return {
    push(heard, by, settle) {
      const chars = heard.kind === "envelope" ? heard.envelope.length : 0;
      if (isMissing || waiting >= MOST_WAITING || waitingChars + chars > MOST_CHARS) {
        isMissing = true;
        return;
      }
      waiting++;
      waitingChars += chars;
      void inTurn(() => look(heard, by, settle))
        .catch(failed)
        .finally(() => {
          waiting--;
          waitingChars -= chars;
          if (waiting > 0 || !isMissing) return;
          isMissing = false;
          parts.onMissed();
        });
    },
    take: (heard, by, settle) => inTurn(() => look(heard, by, settle)),
    acknowledged: (id) => copies.acknowledged(id),
  };
}

const AGAIN_BY: HeardBy = { way: "carbon", archiveId: null };

function damaged(): SignpostError {
  return new SignpostError(
    "ENVELOPE_MALFORMED",
    "The envelope is not the one whose hash stands beside it, or is too large. It was dropped.",
    { field: "hash" },
  );
}
