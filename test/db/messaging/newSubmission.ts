/** A submission as gateways hand it to their store, with a message that nobody reads. */
import type { NormalName } from "../../../src/ens/normalize.js";
import type { NativeAddress } from "../../../src/messaging/address/nativeAddress.js";
import type { SubmissionKind } from "../../../src/messaging/network.js";
import type { FullShare, NewSubmission, SubmissionStore } from "../../../src/messaging/store.js";
import { submissionId } from "../../../src/messaging/submitting.js";
import { carriedMessage } from "../../../src/sending/carriedMessage.js";

export function newSubmission(
  native: NativeAddress,
  hash: string,
  receiver: NormalName,
  change: Partial<NewSubmission> = {},
): NewSubmission {
  const id = submissionId(native, hash);
  const carried = { id, from: "bob.eth", to: receiver, carried: { envelopes: [] } };
  return {
    ...{ native, hash, receiver, bytes: 7, kind: "message", leaseMs: null, passage: null },
    message: carriedMessage(carried, Date.now(), 60_000),
    ...change,
  };
}

/** Null where it is open now; otherwise whose share is taken. */
export async function addTo(
  submissions: SubmissionStore,
  native: NativeAddress,
  hash: string,
  receiver: NormalName,
  bytes: number,
  kind: SubmissionKind = "message",
): Promise<FullShare | null> {
  const given = newSubmission(native, hash, receiver, { bytes, kind });
  const added = await submissions.addSubmission(given);
  return added.is === "full" ? added.share : null;
}
