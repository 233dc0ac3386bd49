/**
 * A server that sends from an outbox in Postgres, as a process of its own: node senderProgram <database> <key file> <rpc>
 * <registry> <storage key of alice>. Prints each message that it was told is accepted.
 */
import { setTimeout as delay } from "node:timers/promises";
import { decodeBase64 } from "../../src/dm3/base64.js";
import { deriveProfileKeys } from "../../src/dm3/keys/keys.js";
import { messageKeysOf } from "../../src/dm3/message/messageKeys.js";
import { nodeEngine } from "../../src/native/nodeEngine.js";
import { createGuardedFetcher } from "../../src/net/guardedFetch.js";
import { resolveProfile } from "../../src/sdk/node.js";
import { PATIENCE } from "../../src/sending/patience.js";
import { startSender } from "../../src/sending/sender.js";
import { openOutbox } from "../db/outbox/outboxDatabase.js";

const [url = "", keyFile = "", rpc = "", ensRegistry = "", storageKey = ""] = process.argv.slice(2);

const { outbox } = await openOutbox(url, keyFile);
const keys = await messageKeysOf(nodeEngine, deriveProfileKeys(decodeBase64(storageKey)));
startSender({
  outbox,
  profileOf: (name) => resolveProfile(name, { rpc, ensRegistry, allowLoopback: true }),
  keysOf: () => keys,
  submit: { fetcher: createGuardedFetcher({ allowLoopback: true }), timeoutMs: 5_000 },
  patience: PATIENCE,
  nowMs: Date.now,
  chance: Math.random,
  sleep: (ms, signal) => delay(ms, undefined, { signal }).catch(() => undefined),
  onProgress: ({ id, state }) => {
    if (state === "accepted") console.log(`accepted ${id}`);
  },
  reportFailure: (error) => {
    console.error(error);
  },
  pace: { leaseMs: 1_000, longestSleepMs: 200 },
});
console.log("started");
