/** A message of an account to its own DM3 name: it goes out by the gateway into DM3, and comes back by the gateway. */
import { randomBytes } from "node:crypto";
import { SignpostError } from "../../../errors.js";
import { unlessAborted } from "../../../fetch/unlessAborted.js";
import type { XmppMessenger } from "../../../sdk/xmppNode.js";

/**
 * @returns how long it took, in milliseconds
 * @throws UNREACHABLE where it did not come back in time, and what `send` throws; the signal's reason
 */
export async function sendAndReceive(
  messenger: XmppMessenger,
  name: string,
  { longestMs, signal }: { readonly longestMs: number; readonly signal?: AbortSignal },
): Promise<number> {
  const text = `signpost canary ${randomBytes(8).toString("hex")}`;
  const sinceMs = performance.now();
  const late = AbortSignal.timeout(longestMs);
  const ending = signal === undefined ? late : AbortSignal.any([signal, late]);
  const back = comesBack(messenger, text, ending);
  const { id } = await messenger.send(name, text);
  if (await unlessAborted(signal, back)) return Math.round(performance.now() - sinceMs);
  const own = (await messenger.outgoing()).find((one) => one.id === id);
  const state = own?.state ?? "not accepted";
  const sentence = `The message did not come back within ${longestMs / 1000} s (${state}). ${own?.why?.sentence ?? ""}`;
  throw new SignpostError("UNREACHABLE", sentence.trimEnd(), { reason: state });
}

/** False where it is ended before. */
async function comesBack(
  messenger: XmppMessenger,
  text: string,
  signal: AbortSignal,
): Promise<boolean> {
  for await (const message of messenger.messages({ signal })) {
    // what else waits is of earlier canaries, or for nobody
    await messenger.acknowledge(message);
    const { content } = message;
    if (content.type === "NEW" && content.text === text) return true;
  }
  return false;
}
