/** Works an outbox off, as long as it runs: takes what is due, sends it, and sleeps until the next is. */
import type { Awaitable } from "../dm3/crypto/cryptoEngine.js";
import type { MessageState } from "../dm3/message/messageState.js";
import { isSignpostError } from "../errors.js";
import {
  type Advance,
  advance as alongRelayNodes,
  type Keep,
  type SendingParts,
  withoutAnswer,
} from "./advance.js";
import { type NewOutgoing, newOutgoing } from "./newOutgoing.js";
import type { Lease, Outbox } from "./outbox.js";
import type { OutgoingMessage } from "./outgoingMessage.js";

export interface SenderParts extends WorkParts, Omit<SendingParts, "mayHold"> {
  /** How one message goes on. Default: along the receiver's relay nodes, by HTTP. */
  readonly advance?: Advance | undefined;
}

/** What working an outbox off takes, whatever is done with each message. */
export interface WorkParts extends Pick<SendingParts, "patience" | "nowMs" | "chance"> {
  readonly outbox: Outbox;
  /** Where many senders share the outbox: whose messages go on now. Default: all. */
  readonly turns?: Turns | undefined;
  /** Resolves after so many milliseconds, or at once when the signal is aborted. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  /** Told of each message whenever it was written. */
  readonly onProgress?: ((message: OutgoingMessage) => void) | undefined;
  /** Told of defects, and of stores that do not answer; the work is tried again. */
  readonly reportFailure: (error: unknown) => void;
  readonly pace?: Partial<Pace> | undefined;
}

export interface Turns {
  /** Those that go on now; the others' leases are given back. */
  take(leases: readonly Lease[]): Promise<readonly Lease[]>;
  done(leases: readonly Lease[]): void;
}

/** How the work is shared out. */
interface Pace {
  /** After a crash somebody else goes on after so long. Milliseconds, as all here. */
  readonly leaseMs: number;
  /** Conversations at a time; each has one message under way. */
  readonly atOnce: number;
  /** What other processes put into the outbox is seen after so long. */
  readonly longestSleepMs: number;
  /** After a failure of the outbox itself. */
  readonly afterFailureMs: number;
}

const PACE: Pace = { leaseMs: 5_000, atOnce: 8, longestSleepMs: 60_000, afterFailureMs: 1_000 };

/** A place for one message that is about to enter the outbox: then nobody has to look for it there. */
export interface Place {
  /** How long the message has to be leased from its beginning on, in milliseconds. */
  readonly leaseMs: number;
  /** It is in the outbox, and leased. */
  readonly begin: (lease: Lease) => void;
  /** It is not, as far as is known. */
  readonly giveBack: () => void;
}

export interface Sender {
  /**
   * Keeps the message and begins to send it. Returns as soon as it is kept: a crash does not lose it then.
   * @throws INVALID_NAME, INVALID_REQUEST for what is no message; what the outbox throws
   */
  send(message: NewOutgoing): Promise<OutgoingMessage>;
  /** Raises the state of the messages with this hash that `isReceiver` takes. */
  raise(
    messageHash: string,
    state: MessageState,
    isReceiver: (to: string) => Awaitable<boolean>,
  ): Promise<void>;
  /** Null where others have to go first, or all places are taken: the message enters the outbox without a lease then, and `wake` is called. */
  place(): Place | null;
  /** Looks for work now: the network is back, or a receiver has a profile. */
  wake(): void;
  /** Ends after the messages under way have been written, and all places are over. */
  stop(): Promise<void>;
}

/** How long it counts what the outbox said of the next message. What other processes did since is seen when that is over. */
const NEXT_KNOWN_MS = 1_000;

/** Somebody else has the message now. */
class LostLease extends Error {}

/** Signs and encrypts what it sends. */
export function startSender(parts: SenderParts): Sender {
  const sending: SendingParts = { ...parts, mayHold: parts.outbox.isSendersOwn };
  const advance = parts.advance ?? alongRelayNodes;
  return workOff(parts, (message, keep) => advance(sending, message, keep));
}

/** @param goOn brings one message as far as it gets now */
export function workOff(
  parts: WorkParts,
  goOn: (message: OutgoingMessage, keep: Keep) => Promise<OutgoingMessage>,
): Sender {
  const { outbox } = parts;
  const pace: Pace = { ...PACE, ...parts.pace };
  const stopping = new AbortController();
  const leaseTime = () => ({ nowMs: parts.nowMs(), leaseMs: pace.leaseMs });
  let pause = new AbortController();
  let isAwake = true;
  const wake = () => {
    isAwake = true;
    // a reason of its own: without one, an error is made each time
    pause.abort("awake");
  };
  /** Whether there may be more that is due than was leased last: then each end looks for it. */
  let mayBeMore = true;
  /** Whether what is due is being leased. */
  let isLooking = false;
  /** How often something under way ended. */
  let ended = 0;
  /** When the next message is due, and when the outbox said so. */
  let next = { dueMs: Infinity, askedMs: -Infinity };

  /** By conversation: what is under way in it. */
  const busy = new Map<string, Promise<void>>();
  /** Places that were given, until what has one is in `busy`. */
  const beginning = new Set<Promise<void>>();
  let underWay = 0;
  let newestMs = 0;

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      isAwake = false;
      let pauseMs = pace.afterFailureMs;
      try {
        pauseMs = await startDue();
      } catch (error) {
        parts.reportFailure(error);
      }
      await slept(pauseMs);
    }
    await Promise.all(beginning);
    await Promise.all(busy.values());
  }

  /** Begins with what is due, as far as there is room; returns when to look again. */
  async function startDue(): Promise<number> {
    const room = pace.atOnce - underWay;
    // whoever ends wakes
    if (room <= 0) {
      mayBeMore = true;
      return pace.longestSleepMs;
    }
    const { leases, taken } = await leasedDue(room);
    start(taken);
    if (taken.length === room) return pace.longestSleepMs;
    return Math.max(
      1,
      Math.min(await untilNext(taken.length < leases.length), pace.longestSleepMs),
    );
  }

  async function leasedDue(room: number) {
    const before = ended;
    isLooking = true;
    try {
      const leases = await outbox.lease(leaseTime(), room);
      mayBeMore = leases.length === room;
      if (mayBeMore && ended !== before) wake();
      return { leases, taken: (await parts.turns?.take(leases)) ?? leases };
    } catch (error) {
      mayBeMore = true;
      throw error;
    } finally {
      isLooking = false;
    }
  }

  function start(taken: readonly Lease[]): void {
    for (const [conversation, own] of conversationsIn(taken)) {
      underWay += own.length;
      const work = inOrder(own, busy.get(conversation)).finally(() => {
        underWay -= own.length;
        ended++;
        parts.turns?.done(own);
        if (busy.get(conversation) === work) busy.delete(conversation);
        if (mayBeMore) wake();
      });
      busy.set(conversation, work);
    }
  }

  /** What waits in the outbox goes first, so there is no place while something may. */
  function place(): Place | null {
    const isFree = !mayBeMore && !isLooking && !isAwake && underWay < pace.atOnce;
    if (!isFree || stopping.signal.aborted) return null;
    underWay++;
    let resolve: () => void;
    const over = new Promise<void>((done) => (resolve = done));
    beginning.add(over);
    const end = () => {
      underWay--;
      beginning.delete(over);
      resolve();
    };
    return {
      leaseMs: pace.leaseMs,
      begin: (lease) => void begin(lease).finally(end),
      giveBack: () => {
        end();
        // it may be in the outbox after all
        lookAgain();
      },
    };
  }

  /** Never rejects. */
  async function begin(lease: Lease): Promise<void> {
    // the lease runs out, and somebody else takes it up
    if (stopping.signal.aborted) return;
    try {
      const taken = (await parts.turns?.take([lease])) ?? [lease];
      start(taken);
      if (taken.length === 0) lookAgain();
    } catch (error) {
      parts.reportFailure(error);
      lookAgain();
    }
  }

  /** The outbox is asked once in a second, however many messages are sent in it. In milliseconds. */
  async function untilNext(isChanged: boolean): Promise<number> {
    const nowMs = parts.nowMs();
    const sinceMs = nowMs - next.askedMs;
    // what was due before was leased meanwhile
    const isKnown = sinceMs >= 0 && sinceMs < NEXT_KNOWN_MS && next.dueMs > nowMs;
    if (isKnown && !isChanged) return Math.min(next.dueMs - nowMs, NEXT_KNOWN_MS - sinceMs);
    const asked = { dueMs: Infinity, askedMs: parts.nowMs() };
    next = asked;
    // where somebody looks again meanwhile, another one is in its place
    asked.dueMs = (await outbox.nextDueMs()) ?? Infinity;
    return asked.dueMs - parts.nowMs();
  }

  /** What does not end is due again: whoever sleeps looks at it anew. */
  function lookAgain(): void {
    next = { dueMs: Infinity, askedMs: -Infinity };
    wake();
  }

  async function slept(ms: number): Promise<void> {
    pause = new AbortController();
    if (isAwake || stopping.signal.aborted) return;
    await parts.sleep(ms, pause.signal);
  }

  /** Of one conversation: what was written first goes first. Never rejects. */
  async function inOrder(leases: readonly Lease[], before?: Promise<void>): Promise<void> {
    const beating = new AbortController();
    let waiting = leases;
    const beat = keepAlive(() => waiting, beating.signal);
    await before;
    for (const lease of leases) {
      await worked(lease);
      waiting = waiting.filter((other) => other !== lease);
    }
    beating.abort("done");
    await beat;
  }

  /** Prolongs the leases while their messages are under way or wait for one that is. */
  async function keepAlive(current: () => readonly Lease[], signal: AbortSignal): Promise<void> {
    for (;;) {
      await parts.sleep(pace.leaseMs / 3, signal);
      if (signal.aborted) return;
      for (const lease of current()) {
        await outbox.prolong(lease, leaseTime()).catch((error: unknown) => {
          parts.reportFailure(error);
        });
      }
    }
  }

  async function worked(lease: Lease): Promise<void> {
    let latest = lease.message;
    const written = async (message: OutgoingMessage, isDone: boolean) => {
      const kept = await outbox.write(lease, message, isDone ? null : leaseTime());
      if (kept === null) throw new LostLease();
      latest = message;
      parts.onProgress?.(kept);
    };
    try {
      const after = await goOn(lease.message, (message) => written(message, false));
      await written(after, true);
      if (after.dueMs !== null) lookAgain();
    } catch (error) {
      if (!(error instanceof LostLease)) {
        parts.reportFailure(error);
        await setAside({ ...lease, message: latest }, error).catch(parts.reportFailure);
      }
      lookAgain();
    }
  }

  /** What cannot be worked on now lets others pass, for longer each time. */
  async function setAside(lease: Lease, error: unknown): Promise<void> {
    // where the outbox does not answer, the lease runs out
    if (isSignpostError(error, "DATABASE_UNAVAILABLE")) return;
    const isProfile = isSignpostError(error, "INVALID_PROFILE");
    const after = withoutAnswer(parts, lease.message, {
      reason: isProfile ? "untrusted-profile" : "unreachable",
      sentence: isSignpostError(error) ? error.message : "It could not be worked on; see the log.",
    });
    const kept = await outbox.write(lease, after, null);
    if (kept !== null) parts.onProgress?.(kept);
  }

  const running = run();

  return {
    place,
    wake,
    async send(message) {
      const now = newOutgoing(message, parts.nowMs(), parts.patience.deadlineMs);
      // what is written within a millisecond stays in its order as well
      newestMs = Math.max(now.createdMs, newestMs + 1);
      const given = { ...now, createdMs: newestMs };
      if (!(await outbox.add(given))) {
        const known = await outbox.get(message.id);
        if (known !== null) return known;
      }
      wake();
      return given;
    },
    async raise(messageHash, state, isReceiver) {
      for (const { id, to } of await outbox.withHash(messageHash)) {
        if (!(await isReceiver(to))) continue;
        const message = await outbox.raise(id, state);
        if (message !== null) parts.onProgress?.(message);
      }
    },
    async stop() {
      stopping.abort();
      pause.abort();
      await running;
    },
  };
}

function conversationsIn(leases: readonly Lease[]): ReadonlyMap<string, readonly Lease[]> {
  const byReceiver = new Map<string, Lease[]>();
  for (const lease of leases) {
    const key = JSON.stringify([lease.message.from, lease.message.to]);
    byReceiver.set(key, [...(byReceiver.get(key) ?? []), lease]);
  }
  return byReceiver;
}
