/** Mails that our own codec does not write: any text inside, any packets, any signer. */
import * as openpgp from "openpgp";
import { encryptedEntity } from "../../../src/codecs/openpgp-mime/encryptedEntity.js";
import { type Correspondent, mailOf, type MailUser } from "./mailUser.js";

export interface Forgery {
  /** Header and body inside of the encryption. */
  readonly inside: string;
  readonly to: Correspondent;
  /** Nobody where it is absent. */
  readonly signedBy?: MailUser;
  readonly outerFrom: string;
  /** Changes what is encrypted, after it was signed. */
  readonly change?: (packets: openpgp.PacketList<openpgp.AnyPacket>) => unknown;
}

export async function forgedMail(forgery: Forgery): Promise<Uint8Array> {
  const { inside, to, signedBy, outerFrom, change } = forgery;
  let message: openpgp.Message<Uint8Array> = await openpgp.createMessage({
    binary: new TextEncoder().encode(inside),
  });
  if (signedBy !== undefined) {
    const key = await openpgp.readPrivateKey({ binaryKey: signedBy.key.privateKey });
    message = await message.sign([key]);
  }
  change?.(message.packets);
  const encryptionKeys = (await openpgp.readKey({ binaryKey: to.certificate })).toPublic();
  const armored: unknown = await openpgp.encrypt({ message, encryptionKeys });
  return mailOf(outerFrom, to.address, encryptedEntity(String(armored), inside));
}
