/** Works an outbox off, as long as it runs: takes what is due, works on it, and sleeps until the next is. */
import { conversationsIn, conversationWork, type GoOn } from "./conversationWork.js";
import { nextDue } from "./nextDue.js";
import type { Lease } from "./outbox.js";
import { PACE, type Pace, type WorkParts } from "./workParts.js";

/** A place for one message that is about to enter the outbox: then nobody has to look for it there. */
export interface Place {
  /** How long the message has to be leased from its beginning on, in milliseconds. */
  readonly leaseMs: number;
  /** It is in the outbox, and leased. */
  readonly begin: (lease: Lease) => void;
  /** It is not, as far as is known. */
  readonly giveBack: () => void;
}

export interface Work {
  /** Null where others have to go first, or all places are taken: the message enters the outbox without a lease then, and `wake` is called. */
  place(): Place | null;
  /** Looks for work now: the network is back, or a receiver has a profile. */
  wake(): void;
  /** Ends after the messages under way have been written, and all places are over. */
  stop(): Promise<void>;
}

export function startWork(parts: WorkParts, goOn: GoOn): Work {
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
  /** By conversation: what is under way in it. */
  const busy = new Map<string, Promise<void>>();
  /** Places that were given, until what has one is in `busy`. */
  const beginning = new Set<Promise<void>>();
  let underWay = 0;
  const due = nextDue(outbox, parts.nowMs);
  const inOrder = conversationWork({ ...parts, leaseMs: pace.leaseMs, goOn, isDue: lookAgain });

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
      Math.min(await due.untilNext(taken.length < leases.length), pace.longestSleepMs),
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

  /** What does not end is due again: whoever sleeps looks at it anew. */
  function lookAgain(): void {
    due.forget();
    wake();
  }

  async function slept(ms: number): Promise<void> {
    pause = new AbortController();
    if (isAwake || stopping.signal.aborted) return;
    await parts.sleep(ms, pause.signal);
  }

  const running = run();

  return {
    place,
    wake,
    async stop() {
      stopping.abort();
      pause.abort();
      await running;
    },
  };
}
