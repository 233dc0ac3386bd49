/** An answer to a DM3 user, from the name of somebody whose keys the bridge holds, or from the bridge's own. */
import type { NormalName } from "../../ens/normalize.js";
import { type ErrorCode, isSignpostError, SignpostError } from "../../errors.js";
import type { NetworkEvents } from "../network.js";
import type { BridgeParts } from "./bridgeParts.js";
import type { VirtualUser } from "./custody.js";
import { receiverNamed, submitAs } from "./receiveNative.js";

export interface Answer {
  readonly to: NormalName;
  /** The hash of the message that it is about. */
  readonly reference: string;
  /** When the relay node took that message: so the same answer is the same message. */
  readonly timestampMs: number;
  readonly text: string;
  /** How long it is tried, in milliseconds; default: a day. */
  readonly lifetimeMs?: number;
}

/** Whoever writes is there to read the answer soon, and strangers could fill the outbox with answers that nobody takes. */
const USUAL_LIFETIME_MS = 86_400_000;

/**
 * Never rejects for what the DM3 user's own relay nodes and name are to blame for: the operator learns that.
 * @throws errors of the codes `passing`
 */
export async function answerDm3(
  { profileOf, reportFailure }: Pick<BridgeParts, "profileOf" | "reportFailure">,
  events: Pick<NetworkEvents, "submitted">,
  by: VirtualUser,
  { lifetimeMs = USUAL_LIFETIME_MS, ...answer }: Answer,
  passing: readonly ErrorCode[] = ["UNREACHABLE", "DATABASE_UNAVAILABLE", "LIMIT_EXCEEDED"],
): Promise<void> {
  try {
    const receiver = await receiverNamed({ profileOf }, answer.to);
    const submitted: typeof events.submitted = (submission) =>
      events.submitted({ ...submission, lifetimeMs, kind: "answer" });
    await submitAs({ submitted }, by, receiver, { type: "REPLY", from: by.name, ...answer });
  } catch (error) {
    if (isSignpostError(error, ...passing)) throw error;
    const isOurs = error instanceof SignpostError;
    reportFailure(
      isOurs ? error : new SignpostError("INTERNAL", "Telling failed.", {}, { cause: error }),
    );
  }
}
