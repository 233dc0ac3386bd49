/**
 * A DM3 user learns that a message did not arrive: by an answer to it, from the one whom it was written to, which every DM3 client
 * shows where it belongs.
 */
import { formatNativeAddress, type NativeAddress } from "../address/nativeAddress.js";
import type { NetworkEvents } from "../network.js";
import { answerDm3 } from "./answerDm3.js";
import type { BridgeParts } from "./bridgeParts.js";
import type { SentPassage } from "./passageStore.js";

type WritingParts = Pick<BridgeParts, "custody" | "profileOf" | "counter" | "reportFailure">;

/** For a pair, a day: two programs that answer one another must come to an end. */
const MOST_ANSWERS = 50;
const DAY_SEC = 24 * 3_600;

/** Never rejects for what the DM3 user's own relay nodes and name are to blame for. Throws UNREACHABLE, DATABASE_UNAVAILABLE, LIMIT_EXCEEDED. */
export async function writeBack(
  parts: WritingParts,
  events: Pick<NetworkEvents, "submitted">,
  { to, from, number, messageHash, sentence }: SentPassage & { readonly sentence: string },
): Promise<void> {
  const bucket = `not delivered from ${formatNativeAddress(to)} to ${from}`;
  if (parts.counter.take(bucket, MOST_ANSWERS, DAY_SEC, 1) !== null) return;
  const user = await parts.custody.userOf(to);
  if (user === null) return;
  await answerDm3(parts, events, user, {
    ...{ to: from, reference: messageHash, timestampMs: number },
    text: notDelivered(to, sentence),
  });
}

/** What a DM3 user is told, whoever tells it. */
export function notDelivered(to: NativeAddress, sentence: string): string {
  return `Not delivered to ${formatNativeAddress(to)}: ${sentence}`;
}
