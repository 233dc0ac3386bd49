/** Somebody with a mail address and an OpenPGP key of ours, who writes and reads mails by the codec. */
import { randomBytes } from "node:crypto";
import type { MessageId } from "../../../src/codecs/openpgp-mime/content/mailContent.js";
import type { WrittenContent } from "../../../src/codecs/openpgp-mime/content/writeContent.js";
import { type DecodedMail, decodeMail } from "../../../src/codecs/openpgp-mime/decodeMail.js";
import { encodeMail } from "../../../src/codecs/openpgp-mime/encodeMail.js";
import type { NewMail } from "../../../src/codecs/openpgp-mime/innerEntity.js";
import {
  fingerprintOf,
  readCertificate,
} from "../../../src/codecs/openpgp-mime/keys/certificate.js";
import { type MailKey, makeMailKey } from "../../../src/codecs/openpgp-mime/keys/mailKey.js";
import { newMessageId } from "../../../src/codecs/openpgp-mime/messageId.js";

export interface Correspondent {
  readonly address: string;
  readonly certificate: Uint8Array;
}

export class MailUser {
  /** Certificates by their addresses. */
  readonly contacts = new Map<string, Uint8Array>();

  private constructor(
    readonly address: string,
    public key: MailKey,
  ) {}

  /** With a key of a minute ago, so that another one can be newer. */
  static async make(address: string): Promise<MailUser> {
    const createdMs = Date.now() - 60_000;
    return new MailUser(address, await makeMailKey({ address, createdMs }));
  }

  get certificate(): Uint8Array {
    return this.key.certificate;
  }

  get vCard() {
    return { address: this.address, name: this.address, certificate: this.certificate };
  }

  /** A finished entity, and under which id it can be spoken of. */
  async write(
    to: Correspondent,
    content: WrittenContent,
    further: Partial<NewMail> = {},
  ): Promise<{ readonly entity: Uint8Array; readonly messageId: MessageId }> {
    const messageId = newMessageId(randomBytes(16), this.address.split("@")[1]!);
    const entity = await encodeMail(
      {
        ...{ from: this.address, to: [to.address], dateMs: Date.now(), messageId, content },
        ...further,
      },
      { privateKey: this.key.privateKey, certificates: [to.certificate] },
    );
    return { entity, messageId: further.messageId ?? messageId };
  }

  read(mail: Uint8Array, expectedFrom?: string): Promise<DecodedMail> {
    return decodeMail(mail, {
      privateKeys: [this.key.privateKey],
      ownAddresses: [this.address],
      senders: {
        ofAddress: (address) => {
          const certificate = this.contacts.get(address);
          return Promise.resolve(certificate === undefined ? [] : [certificate]);
        },
        isKnown: async (fingerprint) => {
          const known = await Promise.all([...this.contacts.values()].map(readCertificate));
          return known.some((key) => fingerprintOf(key) === fingerprint);
        },
      },
      ...(expectedFrom !== undefined && { expectedFrom }),
    });
  }
}

export function newText(text: string): WrittenContent {
  return { type: "NEW", text, files: [] };
}

/** The mail as a bridge sends it: its own header in front of the entity. */
export function mailOf(from: string, to: string, entity: Uint8Array): Uint8Array {
  const header = [
    `From: <${from}>`,
    `To: <${to}>`,
    `Date: ${new Date().toUTCString().replace("GMT", "+0000")}`,
    `Message-ID: <${randomBytes(8).toString("hex")}@outside.test>`,
    "Subject: ...",
    "MIME-Version: 1.0",
  ];
  return Buffer.concat([Buffer.from(header.map((line) => `${line}\r\n`).join("")), entity]);
}
