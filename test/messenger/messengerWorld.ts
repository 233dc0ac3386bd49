/** Messengers of Alice and Bob in the world of two relay nodes. */
import { setTimeout as delay } from "node:timers/promises";
import { decodeBase64 } from "../../src/dm3/base64.js";
import { deriveProfileKeys } from "../../src/dm3/keys/keys.js";
import { createGuardedFetcher } from "../../src/net/guardedFetch.js";
import {
  createMessenger,
  encodeMessage,
  type IncomingMessage,
  type Messenger,
  type MessengerOptions,
  openMessageKeys,
  type Problem,
} from "../../src/sdk/messagesNode.js";
import { resolveProfile } from "../../src/sdk/node.js";
import { submitEnvelope } from "../../src/sending/submitEnvelope.js";
import { ENGINES } from "../dm3/crypto/engines.js";
import { keysOf, type Person } from "../dm3/message/sampleEnvelopes.js";
import { people } from "../dm3/profile/sampleProfiles.js";
import type { NodeWorld } from "../dm3-node/nodeWorld.js";

/** Days become seconds. */
const HASTY = {
  ...{ deadlineMs: 6_000, refusalMs: 1_000, heldMs: 50 },
  ...{ unreachableFirstMs: 20, unreachableMostMs: 200, laterFirstMs: 100, laterMostMs: 300 },
};

export interface TestMessenger extends Messenger {
  readonly problems: Problem[];
  /** The next message of a loop that goes on. */
  next(): Promise<IncomingMessage>;
  /** Those that come within that time. */
  within(ms: number): Promise<readonly IncomingMessage[]>;
  leave(): Promise<void>;
}

export async function testMessenger(
  world: NodeWorld,
  person: Person,
  more: Partial<MessengerOptions> = {},
): Promise<TestMessenger> {
  const problems: Problem[] = [];
  const keys = await openMessageKeys(deriveProfileKeys(decodeBase64(people[person].storageKey)));
  const messenger = createMessenger({
    ...{ ...world.options, keys, name: people[person].ensName, timeoutMs: 5_000 },
    ...{ pollMs: 50, patience: HASTY },
    onProblem: (problem) => problems.push(problem),
    ...more,
  });
  let loop: AsyncGenerator<IncomingMessage, void, undefined> | null = null;
  let asked: Promise<IteratorResult<IncomingMessage, void>> | null = null;
  const ask = () => (asked ??= (loop ??= messenger.messages()).next());
  const take = async () => {
    const { value } = await ask();
    asked = null;
    if (value === undefined) throw new Error("the loop ended");
    return value;
  };
  return {
    ...messenger,
    problems,
    next: take,
    async within(ms) {
      const taken: IncomingMessage[] = [];
      const end = delay(ms);
      for (;;) {
        const first = await Promise.race([ask(), end]);
        if (first === undefined) return taken;
        taken.push(await take());
      }
    },
    async leave() {
      const left = loop;
      loop = null;
      await messenger.stop();
      await asked?.catch(() => undefined);
      await left?.return();
    },
  };
}

/** Alice's messages to Bob, straight to the first relay node: quicker than by a messenger, which looks Bob up each time. */
export async function submitted(world: NodeWorld, texts: readonly string[]): Promise<void> {
  const keys = await keysOf(ENGINES.node, "alice");
  const receiver = await resolveProfile("bob.eth", world.options);
  if (receiver.status !== "found") throw new Error(receiver.sentence);
  const access = { fetcher: createGuardedFetcher({ allowLoopback: true }), timeoutMs: 15_000 };
  for (const [index, text] of texts.entries()) {
    const given = { type: "NEW", text, from: "alice.eth", to: "bob.eth" } as const;
    const { envelopes } = await encodeMessage({ ...given, timestampMs: index }, { keys, receiver });
    const [first] = envelopes;
    if (first === undefined) throw new Error("Bob has no relay node.");
    const { kind } = await submitEnvelope(first.url, first.envelope, access);
    if (kind !== "accepted") throw new Error(`${text}: ${kind}`);
  }
}
