/** The sender's signature over the message itself. Its receiver sees it, and no relay node. */
import { SignpostError } from "../../errors.js";
import type { CryptoEngine, SigningKey } from "../crypto/cryptoEngine.js";
import { stringify } from "../stringify.js";
import type { Message, UnsignedMessage } from "./message.js";
import type { ReceivedMessage } from "./receivedMessage.js";
import { isSignedText, signText } from "./textSignature.js";

export async function signMessage(key: SigningKey, message: UnsignedMessage): Promise<Message> {
  return { ...message, signature: await signText(key, stringify(message)) };
}

/**
 * Over what was received: a field that is absent and one that is empty are signed differently.
 * @param sender the profile that the name in `from` has now
 * @throws WRONG_MESSAGE_SIGNATURE
 */
export async function assertMessageSigned(
  engine: CryptoEngine,
  sender: { readonly publicSigningKey: string },
  { from, signature, signedText }: ReceivedMessage,
): Promise<void> {
  if (await isSignedText(engine, sender.publicSigningKey, signedText, signature)) return;
  throw new SignpostError(
    "WRONG_MESSAGE_SIGNATURE",
    `The message is not signed by the key in the profile of ${JSON.stringify(from)}. Do not show it as theirs; the key may have changed.`,
    { from },
  );
}
