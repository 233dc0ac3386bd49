/** The copies in which each message came: the gateway is told of all of them when the app keeps the message. */
import type { HeardEnvelope } from "./heard.js";

export interface Copies {
  /** One more of a message that waits for the app. */
  note(id: string, heard: HeardEnvelope, settle: () => void): void;
  /** A copy of a message that the app keeps already. */
  tellAgain(heard: HeardEnvelope, isLive: boolean): Promise<void>;
  /** The app keeps the message. */
  acknowledged(id: string): Promise<void>;
}

/** Of one message, each encrypted anew or from another address. */
const MOST_COPIES = 16;
const MOST_ACCEPTED = 20_000;

interface Waiting {
  /** By hash. */
  readonly envelopes: Map<string, HeardEnvelope>;
  readonly settles: (() => void)[];
}

/** @param accept tells the gateway that the app keeps what was in this envelope; never rejects */
export function createCopies(accept: (envelope: HeardEnvelope) => Promise<void>): Copies {
  /** By the message's id: what waits for the app. */
  const pending = new Map<string, Waiting>();
  /** Told to the gateway, so that an archive full of them is not told again. */
  const accepted = new Set<string>();

  async function tell(heard: HeardEnvelope): Promise<void> {
    accepted.add(heard.hash);
    const [oldest] = accepted;
    if (accepted.size > MOST_ACCEPTED && oldest !== undefined) accepted.delete(oldest);
    await accept(heard);
  }

  return {
    note(id, heard, settle) {
      const waiting = pending.get(id) ?? {
        ...{ envelopes: new Map<string, HeardEnvelope>(), settles: [] },
      };
      pending.set(id, waiting);
      if (waiting.envelopes.size < MOST_COPIES) waiting.envelopes.set(heard.hash, heard);
      waiting.settles.push(settle);
    },
    async tellAgain(heard, isLive) {
      if (isLive || !accepted.has(heard.hash)) await tell(heard);
    },
    async acknowledged(id) {
      const waiting = pending.get(id);
      pending.delete(id);
      if (waiting === undefined) return;
      for (const settle of waiting.settles) settle();
      for (const heard of waiting.envelopes.values()) await tell(heard);
    },
  };
}
