/**
 * Answers of whoever gave an invitation link of version 3 to somebody who follows it (SecureJoin). All four mails are encrypted:
 *
 *   1. vc-request-pubkey      the invited asks for the certificate; encrypted by the secret of the link
 *   2. vc-pubkey              the certificate; encrypted by the same secret: `answerInvitation`
 *   3. vc-request-with-auth   the invited's own certificate, and the secret; encrypted by keys, as all that follows
 *   4. vc-contact-confirm     `confirmInvitation`
 */
import { isSignpostError, SignpostError } from "../../errors.js";
import type { DecodedMail } from "./decodeMail.js";
import { encryptedEntity } from "./encryptedEntity.js";
import { readEncryptedMail } from "./encryptedMail.js";
import { innerEntity, type NewMail } from "./innerEntity.js";
import { innerHeader } from "./innerMail.js";
import { assertSigns, readMailKey } from "./keys/certificate.js";
import type { Invitation } from "./keys/invitation.js";
import { openMailKey } from "./keys/mailKey.js";
import { loadOpenPgp } from "./libraries.js";
import { joined } from "./mime/bytes.js";
import { onlyField, readEntity } from "./mime/headerBlock.js";
import { openMessageBySecret } from "./openMail.js";
import { sessionKeyPackets } from "./packets.js";

/** In octets: of one packet of version 6. */
const LONGEST_SESSION_KEY = 150;

export interface InvitationAnswer {
  /** Who asks, which nobody has signed: a name for the address to answer to, and no more. */
  readonly to: string;
  /** As of `encodeMail`. */
  readonly entity: Uint8Array;
}

/**
 * The answer to the first mail; null for a mail that does not ask for this invitation.
 * @param mail whole, as it came
 * @throws MAIL_NOT_ENCRYPTED, MAIL_MALFORMED, TOO_LARGE, UNUSABLE_CERTIFICATE
 */
export async function answerInvitation(
  mail: Uint8Array,
  invitation: Invitation,
  answer: Pick<NewMail, "from" | "fromName" | "dateMs" | "messageId"> & {
    /** The inviter's, binary. */
    readonly privateKey: Uint8Array;
  },
): Promise<InvitationAnswer | null> {
  const { fields: outside, message } = readEncryptedMail(mail);
  const sessionKeys = sessionKeyPackets(message);
  // each costs to try it, and an invitation has one
  if (sessionKeys.length > LONGEST_SESSION_KEY) return null;
  const secret = `securejoin/${invitation.fingerprint}/${invitation.authentication}`;
  const opened = await openMessageBySecret(message, secret).catch((error: unknown) => {
    if (isSignpostError(error, "MAIL_NOT_FOR_THIS_KEY")) return null;
    throw error;
  });
  if (opened === null) return null;
  const { fields: inside } = readEntity(opened.content);
  if (onlyField(inside, "secure-join") !== "vc-request-pubkey") return null;
  const { from: to } = await innerHeader(inside, outside);
  const { privateKey, ...identity } = answer;
  const { certificate } = await openMailKey(privateKey);
  const { authentication } = invitation;
  const content = { type: "INVITATION", step: "vc-pubkey", fields: { authentication } } as const;
  const inner = innerEntity({ ...identity, to: [to], content }, certificate);
  const { createMessage, encrypt, enums, armor } = await loadOpenPgp();
  const signingKeys = await readMailKey(privateKey);
  await assertSigns(signingKeys);
  const sealed: unknown = await encrypt({
    message: await createMessage({ binary: inner }),
    signingKeys,
    sessionKey: opened.sessionKey,
    format: "binary",
    config: { aeadProtect: true },
  });
  // with the other side's own packet: it takes the secret in a form only that the library does not write
  const whole = joined([sessionKeys, sealed as Uint8Array]);
  const armored = armor(enums.armor.message, whole);
  return { to, entity: encryptedEntity(armored, `${answer.messageId} outside`) };
}

/**
 * What to answer to the third mail, with `encodeMail`, once its sender's certificate was kept: the invited is the one who has the link.
 * @throws INVITATION_REFUSED where the mail does not prove that
 */
export function confirmInvitation(
  { content, signer }: Pick<DecodedMail, "content" | "signer">,
  invitation: Invitation,
): NewMail["content"] {
  if (content.type !== "INVITATION" || content.step !== "vc-request-with-auth") {
    throw refused("it is another step");
  }
  const { authentication, fingerprint } = content.fields;
  if (!isSameSecret(authentication ?? "", invitation.authentication)) {
    throw refused("it does not have the secret of the link");
  }
  if (fingerprint?.toUpperCase() !== signer.fingerprint) {
    throw refused("another key signed it than the one that it names");
  }
  return { type: "INVITATION", step: "vc-contact-confirm", fields: {} };
}

/** In the same time, whatever is different. */
function isSameSecret(one: string, other: string): boolean {
  let difference = one.length ^ other.length;
  for (let at = 0; at < other.length; at++) difference |= one.charCodeAt(at) ^ other.charCodeAt(at);
  return difference === 0;
}

function refused(reason: string): SignpostError {
  return new SignpostError("INVITATION_REFUSED", `The invitation is not answered: ${reason}.`, {
    reason,
  });
}
