/** A sender at work in the world of two relay nodes, with real time that runs in hundredths of a second. */
import { setTimeout as delay } from "node:timers/promises";
import type { MessageContent } from "../../src/dm3/message/messageContent.js";
import type { MessageKeys } from "../../src/dm3/message/messageKeys.js";
import { createGuardedFetcher } from "../../src/net/guardedFetch.js";
import { resolveProfile } from "../../src/sdk/node.js";
import { memoryKeyValue } from "../../src/sending/keyValue.js";
import { keyValueOutbox } from "../../src/sending/keyValueOutbox.js";
import type { OutgoingMessage } from "../../src/sending/outgoingMessage.js";
import type { Patience } from "../../src/sending/patience.js";
import { type Sender, type SenderParts, startSender } from "../../src/sending/sender.js";
import { ENGINES } from "../dm3/crypto/engines.js";
import { keysOf } from "../dm3/message/sampleEnvelopes.js";
import type { NodeWorld } from "../dm3-node/nodeWorld.js";

/** Days become seconds. */
const HASTY: Patience = {
  ...{ deadlineMs: 4_000, refusalMs: 1_000, heldMs: 50 },
  ...{ unreachableFirstMs: 20, unreachableMostMs: 200, laterFirstMs: 100, laterMostMs: 300 },
};

export interface TestSender extends Sender {
  readonly parts: SenderParts;
  /** Every version that was written, in order. */
  readonly history: OutgoingMessage[];
  readonly failures: unknown[];
  write(id: string, content?: MessageContent, to?: string): Promise<OutgoingMessage>;
  /** The message, as soon as `holds` of it. */
  until(id: string, holds: (message: OutgoingMessage) => boolean): Promise<OutgoingMessage>;
}

export async function startTestSender(
  world: NodeWorld,
  more: Partial<SenderParts> = {},
): Promise<TestSender> {
  const keys: MessageKeys = await keysOf(ENGINES.node, "alice");
  const history: OutgoingMessage[] = [];
  const failures: unknown[] = [];
  const parts: SenderParts = {
    outbox: keyValueOutbox(memoryKeyValue()),
    profileOf: (name) => resolveProfile(name, world.options),
    keysOf: () => keys,
    submit: { fetcher: createGuardedFetcher({ allowLoopback: true }), timeoutMs: 3_000 },
    patience: HASTY,
    nowMs: Date.now,
    chance: () => 0.5,
    sleep: (ms, signal) => delay(ms, undefined, { signal }).catch(() => undefined),
    onProgress: (message) => void history.push(message),
    reportFailure: (error) => void failures.push(error),
    ...more,
  };
  const sender = startSender(parts);
  return {
    ...sender,
    ...{ parts, history, failures },
    write: (id, content = { type: "NEW", text: "hello" }, to = "bob.eth") =>
      sender.send({
        id,
        given: { ...content, from: "alice.eth", to, timestampMs: Date.now() },
      }),
    async until(id, holds) {
      const endMs = Date.now() + 15_000;
      for (;;) {
        const message = await parts.outbox.get(id);
        if (message !== null && holds(message)) return message;
        if (Date.now() > endMs) {
          throw new Error(`It never came to that: ${JSON.stringify({ ...message, sealed: null })}`);
        }
        await delay(10);
      }
    },
  };
}

export const isOver = ({ dueMs }: OutgoingMessage) => dueMs === null;
