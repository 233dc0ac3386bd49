/**
 * From the network into DM3: the native message becomes the attachment of a DM3 message, signed with the key that the bridge holds
 * for its sender. It says who sent it as the network proved it; what is inside only the receiver's app can open and check.
 */
import { encodeMessage } from "../../dm3/message/encodeMessage.js";
import type { NewMessage } from "../../dm3/message/messageContent.js";
import { proxyEnvelopeOf } from "../../dm3/message/proxyEnvelope.js";
import type { NormalName } from "../../ens/normalize.js";
import { isSignpostError, SignpostError } from "../../errors.js";
import type { FoundProfile } from "../../lookup/outcome.js";
import { formatNativeAddress } from "../address/nativeAddress.js";
import { envelopeHash } from "../envelopeHash.js";
import type { NetworkEvents, NotedPassage, PassageBefore } from "../network.js";
import type { BridgeParts } from "./bridgeParts.js";
import type { VirtualUser } from "./custody.js";
import { attachmentsOf, type KeepingParts } from "./keepNative.js";
import type { IncomingNative } from "./nativeTransport.js";

type ReceivingParts = Pick<BridgeParts, "custody" | "passages" | "profileOf" | "nowMs"> &
  KeepingParts;

/** Of a native message's header: what names it, and what says that a program wrote it. */
const NAMING = /^(?:message-id|auto-submitted|precedence|list-[a-z-]+):/i;
const LONGEST_HEADER = 64 * 1024;
const LONGEST_HEAD = 4_096;

/** Resolves when it is kept; the same again is kept once. Throws as `NativeEvents.received`. */
export async function receiveNative(
  parts: ReceivingParts,
  events: Pick<NetworkEvents, "submitted" | "linked">,
  message: IncomingNative,
): Promise<void> {
  const { passages } = parts;
  const receiver = await receiverNamed(parts, message.to);
  // sealing a long one in vain costs much
  const isLong = message.bytes.length > parts.longestInside;
  if (isLong && (await passages.isKept(message))) return;
  try {
    await keep(parts, events, message, receiver);
  } catch (error) {
    // what was kept before needs nothing more of all that
    if (isSignpostError(error) && (await passages.isKept(message))) return;
    throw error;
  }
}

async function keep(
  parts: ReceivingParts,
  events: Pick<NetworkEvents, "submitted" | "linked">,
  { from, to, bytes, digest }: IncomingNative,
  receiver: FoundProfile,
): Promise<void> {
  const { custody } = parts;
  const user = await custody.userFor(from, events, { is: "proven" });
  const attachments = await attachmentsOf(parts, user, to, bytes);
  const submit = (firstMs: number) =>
    submitAs(
      events,
      user,
      receiver,
      {
        type: "NEW",
        ...{ from: user.name, to },
        // the same DM3 message each time that the network delivers it
        timestampMs: firstMs,
        text: `${formatNativeAddress(from)} wrote to you. Open the attached message with an app for that network.`,
        attachments,
        replyDeliveryInstruction: formatNativeAddress(from),
      },
      { digest, firstMs, head: headOf(bytes) },
    );
  const before = await submit(parts.nowMs());
  if (before === null || before.isKept) return;
  const still = await submit(before.firstMs);
  if (still !== null && !still.isKept) throw new TypeError("A passage has one time.");
}

/** @throws NO_ACCOUNT where the name has no profile, UNREACHABLE */
export async function receiverNamed(
  { profileOf }: Pick<ReceivingParts, "profileOf">,
  name: NormalName,
): Promise<FoundProfile> {
  const receiver = await profileOf(name, "remembered");
  switch (receiver.status) {
    case "found":
      return receiver;
    case "absent":
    case "untrusted":
      throw new SignpostError("NO_ACCOUNT", receiver.sentence, { name });
    case "unreachable":
      throw new SignpostError("UNREACHABLE", receiver.sentence, { name });
  }
}

/**
 * Signs and encrypts it, and gives it to the gateway, which carries it.
 * @param passage what it was in the network
 * @returns as `submitted`
 * @throws what `submitted` throws, and NOT_FOUND
 */
export async function submitAs(
  { submitted }: Pick<NetworkEvents, "submitted">,
  { native, keys }: Pick<VirtualUser, "native" | "keys">,
  receiver: FoundProfile,
  message: NewMessage & { readonly to: NormalName },
  passage?: NotedPassage,
): Promise<PassageBefore | null> {
  const envelope = JSON.stringify(
    proxyEnvelopeOf(await encodeMessage(message, { keys, receiver })),
  );
  const hash = envelopeHash(envelope);
  const submission = { from: native, to: message.to, envelope, hash };
  return submitted(passage === undefined ? submission : { ...submission, passage });
}

function headOf(bytes: Uint8Array): string {
  const text = new TextDecoder("latin1").decode(bytes.subarray(0, LONGEST_HEADER));
  const [header = ""] = text.split("\r\n\r\n", 1);
  const fields = header.split(/\r\n(?![ \t])/).filter((field) => NAMING.test(field));
  return fields
    .filter(({ length }) => length <= LONGEST_HEAD / 4)
    .join("\r\n")
    .slice(0, LONGEST_HEAD);
}
