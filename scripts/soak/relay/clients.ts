/** Receivers with our messenger, who come and go: what each app was given, once, whatever happens between. */
import { setTimeout as delay } from "node:timers/promises";
import { io } from "socket.io-client";
import {
  createMessenger,
  type IncomingMessage,
  memoryKeyValue,
  type MessengerOptions,
} from "../../../src/sdk/messagesNode.js";
import type { Ledger } from "./ledger.js";
import type { SoakPerson } from "./people.js";

export interface ClientParts {
  readonly ens: Pick<MessengerOptions, "rpc" | "ensRegistry">;
  readonly ledger: Ledger;
  /** How long a client stays, and is away, at most. */
  readonly mostMs: { readonly there: number; readonly away: number };
}

export interface Client {
  /** Comes and goes until it is told to end. */
  begin(): void;
  /** Leaves, after the message that it is at. */
  end(): Promise<void>;
  /** Takes what waits at the relay node now. Throws where that cannot be found out. */
  empty(): Promise<void>;
  /** How often it came. */
  readonly visits: () => number;
  /** Has its relay nodes refuse this sender. */
  block(sender: string): Promise<void>;
}

const POLL_MS = 2_000;
const LEAST_MS = 500;

/** @param isLive whether it listens, or looks again and again */
export function client(person: SoakPerson, isLive: boolean, parts: ClientParts): Client {
  const { ens, ledger, mostMs } = parts;
  // what an app keeps on its disk
  const store = memoryKeyValue();
  let visits = 0;
  let leaving = new AbortController();
  let coming: Promise<void> | undefined;
  let isEnding = false;
  const hasEnded = () => isEnding;

  const come = () =>
    createMessenger({
      ...{ ...ens, name: person.name, keys: person.keys, store, allowLoopback: true },
      ...{ receipts: false, pollMs: POLL_MS, ...(isLive && { io: io }) },
    });

  async function take(options: { signal?: AbortSignal; follow?: boolean }): Promise<void> {
    const messenger = come();
    visits++;
    try {
      for await (const message of messenger.messages(options)) {
        const id = idOf(message);
        if (id !== null) ledger.delivered(id);
        await messenger.acknowledge(message);
      }
    } finally {
      await messenger.stop();
    }
  }

  async function comeAndGo(): Promise<void> {
    while (!hasEnded()) {
      leaving = new AbortController();
      const timer = setTimeout(() => {
        leaving.abort();
      }, between(mostMs.there));
      await take({ signal: leaving.signal });
      clearTimeout(timer);
      if (!hasEnded()) await delay(between(mostMs.away));
    }
  }

  return {
    begin() {
      coming = comeAndGo();
      coming.catch(() => undefined);
    },
    async end() {
      isEnding = true;
      leaving.abort();
      await coming;
    },
    empty: () => take({ follow: false }),
    visits: () => visits,
    async block(sender) {
      const messenger = come();
      const [there] = await messenger.setFilters({ blockedSenders: [sender] });
      await messenger.stop();
      if (there === undefined || there.error !== null) {
        throw there?.error ?? new Error("No relay node.");
      }
    },
  };
}

function between(mostMs: number): number {
  return LEAST_MS + Math.random() * Math.max(0, mostMs - LEAST_MS);
}

function idOf({ content }: IncomingMessage): string | null {
  return content.type === "NEW" ? (/^m\d+/.exec(content.text)?.[0] ?? null) : null;
}
