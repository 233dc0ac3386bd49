/** Opens the encryption, and looks at what was in it: one text, and signatures over it, and nothing else (RFC 9580, section 10.3). */
import type { Config, Message, SessionKey } from "openpgp";
import { isSignpostError, SignpostError } from "../../errors.js";
import { readMailKey, STRICT } from "./keys/certificate.js";
import { isVerdict, verdictText } from "./keys/libraryFailure.js";
import { loadOpenPgp } from "./libraries.js";
import { malformed } from "./mime/headerBlock.js";

/** Of what is signed or encrypted: neither good nor bad. */
export const FAILED = "could not be checked, because the OpenPGP library failed at it";
/** In bytes, after decompression. */
const LARGEST_CONTENT = 60_000_000;

/** As decrypted: whoever uses it has to verify a signature first. */
export interface OpenedMessage {
  /** Its signatures are read when they are verified, which is possible once. */
  readonly message: Message<Uint8Array>;
  readonly content: Uint8Array;
}

/**
 * @param privateKeys binary, without passphrases
 * @throws MAIL_NOT_FOR_THIS_KEY, MAIL_MALFORMED, UNUSABLE_CERTIFICATE
 */
export async function openMessage(
  binaryMessage: Uint8Array,
  privateKeys: readonly Uint8Array[],
): Promise<OpenedMessage> {
  const { readMessage } = await loadOpenPgp();
  const config = await openingConfig();
  const keys = await Promise.all(privateKeys.map(readMailKey));
  let message: Message<Uint8Array>;
  try {
    const sealed = await readMessage<Uint8Array>({ binaryMessage, config });
    const opened = await sealed.decrypt(keys, undefined, undefined, undefined, config);
    message = opened as Message<Uint8Array>;
  } catch (cause) {
    throw notOpened(cause);
  }
  return oneText(message);
}

/**
 * The same by a secret instead of a key; and how to encrypt an answer under the same one.
 * @throws MAIL_NOT_FOR_THIS_KEY, MAIL_MALFORMED
 */
export async function openMessageBySecret(
  binaryMessage: Uint8Array,
  secret: string,
): Promise<OpenedMessage & { readonly sessionKey: SessionKey }> {
  const { decryptSessionKeys, readMessage } = await loadOpenPgp();
  const config = await openingConfig();
  const read = () => readMessage<Uint8Array>({ binaryMessage, config });
  try {
    const keys = await decryptSessionKeys({ message: await read(), passwords: secret, config });
    const [data] = keys.map((key) => key.data);
    if (data === undefined) throw new Error("there is no session key for a secret");
    const sessionKey = { data, ...algorithmsOf(data.length) };
    const opened = await (await read()).decrypt([], undefined, [sessionKey], undefined, config);
    return { ...oneText(opened as Message<Uint8Array>), sessionKey };
  } catch (cause) {
    throw notOpened(cause);
  }
}

/** Of the invitations of mail messengers: AES by the length of the key, and OCB. */
function algorithmsOf(octets: number) {
  return { algorithm: octets === 16 ? "aes128" : "aes256", aeadAlgorithm: "ocb" } as const;
}

function notOpened(cause: unknown): SignpostError {
  if (isSignpostError(cause)) return cause;
  const { name, message } = cause instanceof Error ? cause : new Error(String(cause));
  if (name === "GrammarError") return notOneText(cause);
  if (/decompressed message size/i.test(message)) {
    return new SignpostError("TOO_LARGE", `The mail has over ${LARGEST_CONTENT} bytes inside.`);
  }
  if (!isVerdict(cause)) return malformed("encryption", FAILED, cause);
  const reason = verdictText(cause).replace(/\.$/, "");
  return new SignpostError(
    "MAIL_NOT_FOR_THIS_KEY",
    `The mail cannot be opened with this key: ${reason}. It was encrypted for another one, or altered.`,
    { reason },
    { cause },
  );
}

export async function openingConfig(): Promise<Config> {
  const { config } = await loadOpenPgp();
  return { ...config, ...STRICT, maxDecompressedMessageSize: LARGEST_CONTENT };
}

/** That nothing stands beside the text, the library finds out, at the latest when it verifies the signatures. */
function oneText(message: Message<Uint8Array>): OpenedMessage {
  const inner = message.unwrapCompressed();
  const content = inner.getLiteralData() as Uint8Array | null;
  if (content === null) throw notOneText();
  return { message: inner, content };
}

export function notOneText(cause?: unknown): SignpostError {
  return malformed("content", "is not one text in one packet, with its signatures", cause);
}
