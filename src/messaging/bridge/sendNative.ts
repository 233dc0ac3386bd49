/**
 * From DM3 into the network: the bridge opens the DM3 message with the key that it holds for the receiver, and hands the native
 * message inside over. Who wrote it is proven twice: the relay node verified the envelope, and here the message's own signature is.
 */
import { toHex } from "../../abi/hex.js";
import { normalNameOf } from "../../accounts/wireName.js";
import { type DecodedMessage, decodeMessage } from "../../dm3/message/decodeMessage.js";
import { type NativeMessage, nativeMessageOf } from "../../dm3/message/nativeMessage.js";
import { isSignpostError } from "../../errors.js";
import type { Delivery, NetworkEvents } from "../network.js";
import type { BridgeParts } from "./bridgeParts.js";
import type { VirtualUser } from "./custody.js";
import { withFetched } from "./fetchNative.js";
import { noteLongName } from "./longNames.js";
import { aboutSender } from "./ofSender.js";
import type { SentPassage } from "./passageStore.js";
import { type SentTokens, tokenOf } from "./sentTokens.js";

export type SentNative =
  | { readonly is: "taken" }
  /** `about` is null where nobody is to be told: it was no message that a person wrote, or nobody is known who did. */
  | { readonly is: "refused"; readonly sentence: string; readonly about: SentPassage | null };

type SendingParts = Pick<
  BridgeParts,
  | ("custody" | "longNames" | "transport" | "directory")
  | ("profileOf" | "counter" | "nowMs" | "fetching")
> & { readonly tokens: SentTokens };

type OpenedMessage =
  | { readonly is: "message"; readonly message: DecodedMessage }
  /** For good: nobody can open it, or it is not from whom it says. */
  | { readonly is: "refused"; readonly sentence: string };

/** Read by programs only; the user's own app answers in the native form. */
const RECEIPTS = ["READ_RECEIVED", "READ_OPENED", "RESEND_REQUEST"];

/** What nothing changes: codes of `decodeMessage`. */
const BAD = [
  ...(["ENVELOPE_MALFORMED", "UNKNOWN_ENCRYPTION", "DELIVERY_INFORMATION_MALFORMED"] as const),
  ...(["NOT_FOR_THIS_KEY", "MESSAGE_MALFORMED", "WRONG_HASH", "RECEIVER_MISMATCH"] as const),
  ...(["UNKNOWN_SENDER", "WRONG_MESSAGE_SIGNATURE", "SENDER_MISMATCH"] as const),
  ...(["WRONG_METADATA_SIGNATURE", "WRONG_POSTMARK"] as const),
];

/**
 * Hands it over, and notes by `taken` that the network took it.
 * @throws UNREACHABLE, DATABASE_UNAVAILABLE: it is sent again then; `isOfSender` says where only its sender's messages wait
 */
export async function sendNative(
  parts: SendingParts,
  { taken }: Pick<NetworkEvents, "taken">,
  delivery: Delivery,
): Promise<SentNative> {
  const { custody, tokens, transport } = parts;
  const { to, from, hash, number } = delivery;
  const user = await custody.userOf(to);
  if (user === null) return refused("The bridge holds no keys for this user any more.");
  const decoded = await opened(parts, user, delivery);
  if (decoded.is === "refused") return refused(decoded.sentence);
  const { message } = decoded;
  const about: SentPassage = { to, from, hash, number, messageHash: message.messageHash };
  const found = nativeIn(message);
  if ("sentence" in found) return refused(found.sentence, isReceipt(message) ? null : about);
  await noteLongName(parts.longNames, from, transport.kind);
  const token = await tokenOf(user.keys, about);
  const send = (bytes: Uint8Array) =>
    tokens.around(token, about, async () => {
      const answer = await transport.send({ from, to, bytes, token });
      const { messageHash } = about;
      if (answer.is === "taken") {
        await taken(to, { hash, number, sent: { token, from, messageHash } });
      }
      return answer;
    });
  const answer =
    found.is === "inside"
      ? await send(found.bytes)
      : await withFetched(parts, user.keys.engine, from, found, send);
  return "sentence" in answer ? refused(answer.sentence, about) : answer;
}

/** With the keys that the bridge holds for the receiver. */
export async function opened(
  { directory }: Pick<SendingParts, "directory">,
  { keys, name, wallet }: VirtualUser,
  { envelope }: Delivery,
): Promise<OpenedMessage> {
  try {
    const message = await decodeMessage(envelope, {
      ...{ keys, ownNames: [name], ownAddress: toHex(wallet) },
      contactOf: async (sender) => {
        const normal = normalNameOf(sender);
        const person = normal === null ? null : await aboutSender(() => directory.personOf(normal));
        if (person?.address == null || person.profile === null) return null;
        return { profile: person.profile, address: toHex(person.address) };
      },
    });
    return { is: "message", message };
  } catch (error) {
    if (isSignpostError(error, ...BAD)) return { is: "refused", sentence: error.message };
    throw error;
  }
}

export function isReceipt({ content }: Pick<DecodedMessage, "content">): boolean {
  return RECEIPTS.includes(content.type);
}

function nativeIn({ content }: DecodedMessage): NativeMessage | { readonly sentence: string } {
  try {
    const native = nativeMessageOf("attachments" in content ? content.attachments : undefined);
    if (native !== null) return native;
  } catch (error) {
    if (!isSignpostError(error, "INVALID_REQUEST", "BLOB_REFERENCE_MALFORMED")) throw error;
    return { sentence: error.message };
  }
  return {
    sentence:
      "Nobody here may read your message, so it was not sent. Use an app that encrypts it for the receiver's own network.",
  };
}

function refused(sentence: string, about: SentPassage | null = null): SentNative {
  return { is: "refused", sentence, about };
}
