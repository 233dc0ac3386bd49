/**
 * What could not be handed over for five days ends, for whatever reason it waited: its receiver's server or relay node is away, or nobody
 * can find out whose name its sender's is. That is not the same as a sender who does not exist, whose message is refused at once.
 */
import { openUnchecked } from "../../dm3/message/decodeMessage.js";
import { isSignpostError, SignpostError } from "../../errors.js";
import { formatNativeAddress } from "../address/nativeAddress.js";
import type { Delivery, NetworkEvents } from "../network.js";
import type { BridgeParts } from "./bridgeParts.js";
import { isReceipt } from "./sendNative.js";
import { writeBack } from "./writeBack.js";

type Parts = Pick<BridgeParts, "custody" | "profileOf" | "counter" | "nowMs" | "reportFailure">;

/** As mail servers do it (RFC 5321, section 4.5.4.1). A message's number is when the relay node took it, Unix milliseconds or a little more. */
const LONGEST_WAIT_DAYS = 5;
const LONGEST_WAIT_MS = LONGEST_WAIT_DAYS * 86_400_000;

/**
 * Does `work` for the delivery; where that fails by UNREACHABLE and the delivery is too old, it ends. Its sender is told where that is
 * possible, and the operator in any case.
 * @throws what `work` throws, and DATABASE_UNAVAILABLE: it is tried again then
 */
export async function unlessTooOld(
  parts: Parts,
  events: Pick<NetworkEvents, "submitted" | "refused">,
  delivery: Delivery,
  work: () => Promise<void>,
): Promise<void> {
  try {
    await work();
  } catch (error) {
    const isTooOld = parts.nowMs() - delivery.number >= LONGEST_WAIT_MS;
    if (!isTooOld || !isSignpostError(error, "UNREACHABLE")) throw error;
    const { to, hash, number } = delivery;
    const sentence = `It waited for ${LONGEST_WAIT_DAYS} days. ${error.message}`;
    await tellSender(parts, events, delivery, sentence);
    parts.reportFailure(givenUp(delivery, sentence));
    await events.refused(to, { hash, number, sentence });
  }
}

async function tellSender(
  parts: Parts,
  events: Pick<NetworkEvents, "submitted">,
  { to, from, hash, number, envelope }: Delivery,
  sentence: string,
): Promise<void> {
  const user = await parts.custody.userOf(to);
  if (user === null) return;
  try {
    const message = await openUnchecked(envelope, user.keys);
    if (isReceipt(message)) return;
    const { messageHash } = message;
    // the relay node checked who handed it in
    await writeBack(parts, events, { to, from, hash, number, messageHash, sentence });
  } catch (error) {
    if (isSignpostError(error, "DATABASE_UNAVAILABLE")) throw error;
    parts.reportFailure(error);
  }
}

function givenUp({ to, from }: Delivery, sentence: string): SignpostError {
  const address = formatNativeAddress(to);
  const text = `A message from ${from} to ${address} was given up. ${sentence}`;
  return new SignpostError("UNREACHABLE", text, { from, to: address });
}
