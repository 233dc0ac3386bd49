/**
 * One canary: a message of the canary to itself, by our own SDK, as any user's: its profile and the node's record are read in ENS,
 * the envelope goes to the node's public URL, and the message is read back, checked and acknowledged there. So it says what no
 * ping does.
 */
import { isSignpostError } from "../../../errors.js";
import type { CanaryOutcome } from "../../../health/canaryWatch.js";
import {
  createMessenger,
  type IncomingMessage,
  type Messenger,
} from "../../../sdk/messagesNode.js";
import type { CanaryAccount } from "./canaryAccount.js";
import type { CanaryLookup } from "./canaryLookup.js";

/** For all of it. */
const LONGEST_MS = 30_000;
const TIMEOUT_MS = 6_000;
const AGAIN_MS = 500;
/** Of another process of this node, which waits for it. */
const OTHERS_MS = 2 * LONGEST_MS;
const PATIENCE = {
  ...{ deadlineMs: LONGEST_MS, refusalMs: 1_000, heldMs: LONGEST_MS },
  ...{ unreachableFirstMs: 1_000, unreachableMostMs: 4_000 },
  ...{ laterFirstMs: 1_000, laterMostMs: 4_000 },
};

/** Takes half a minute at most, and never throws. */
export async function sendCanary(
  { name, keys }: CanaryAccount,
  lookup: CanaryLookup,
  signal: AbortSignal,
): Promise<CanaryOutcome> {
  const startedMs = performance.now();
  const ending = AbortSignal.any([signal, AbortSignal.timeout(LONGEST_MS)]);
  const outcome = (isWell: boolean, sentence: string): CanaryOutcome => ({
    ...{ isWell, sentence, tookMs: performance.now() - startedMs },
  });
  let problem = "";
  const messenger = createMessenger({
    ...{ ...lookup, name, keys, receipts: false, timeoutMs: TIMEOUT_MS, patience: PATIENCE },
    onProblem: ({ error }) => {
      problem = error.message;
    },
  });
  try {
    // makes the account, and takes away what strangers wrote
    await readBack(messenger, null, ending);
    const { id } = await messenger.send(name, "canary");
    const { state, why, messageHash } = await messenger.settled(id, ending);
    const isAccepted = state === "accepted" || state === "delivered";
    if (!isAccepted) {
      return outcome(false, `The canary's message was not accepted. ${why?.sentence ?? ""}`.trim());
    }
    if (await readBack(messenger, messageHash, ending))
      return outcome(true, "The canary's message came back.");
    return outcome(
      false,
      `The canary's message was accepted, but did not come back. ${problem}`.trim(),
    );
  } catch (error) {
    const told = isSignpostError(error) ? error.message : problem;
    return outcome(
      false,
      `The canary did not come back within ${LONGEST_MS / 1000} s. ${told}`.trim(),
    );
  } finally {
    await messenger.stop();
  }
}

/** @param messageHash null: only takes away what is there */
async function readBack(
  messenger: Messenger,
  messageHash: string | null,
  signal: AbortSignal,
): Promise<boolean> {
  for (;;) {
    let isBack = false;
    for await (const message of messenger.messages({ follow: false, signal })) {
      if (message.messageHash === messageHash) isBack = true;
      if (message.messageHash === messageHash || isNobodys(message)) {
        await messenger.acknowledge(message);
      }
    }
    if (isBack || messageHash === null) return isBack;
    signal.throwIfAborted();
    await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
  }
}

/** What strangers wrote, and what nobody waits for any more. */
function isNobodys({ from, to, timestampMs }: IncomingMessage): boolean {
  return from !== to || timestampMs < Date.now() - OTHERS_MS;
}
