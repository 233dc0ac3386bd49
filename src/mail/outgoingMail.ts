/** The way of a message out: its shape, its limits, a header of our own, two signatures, and the outlet. */
import type { NormalName } from "../ens/normalize.js";
import { SignpostError } from "../errors.js";
import { formatNativeAddress, type NativeAddress } from "../messaging/address/nativeAddress.js";
import { localPartOfName } from "../messaging/address/virtualAddress.js";
import type {
  NativeAnswer,
  NativeEvents,
  OutgoingNative,
} from "../messaging/bridge/nativeTransport.js";
import type { MemoryBudget } from "../messaging/memoryBudget.js";
import type { DkimSigner } from "./dkimSigner.js";
import type { CertificateOf, LearnCertificate, OptOuts } from "./mailPorts.js";
import { readEntity } from "./nativeEntity.js";
import type { OutboundLimits } from "./outboundLimits.js";
import { messageIdOf, type OuterHeader, outerHeader } from "./outerHeader.js";
import type { Outlet } from "./smtpOutlet.js";
import { reportLocalPart } from "./verp.js";

export interface OutgoingMailSettings {
  readonly mailDomain: string;
  readonly hasWritten: NativeEvents["hasWritten"];
  readonly certificateOf: CertificateOf;
  readonly optOuts: OptOuts;
  readonly learn: LearnCertificate;
  readonly limits: OutboundLimits;
  readonly budget: MemoryBudget;
  readonly signer: DkimSigner;
  readonly outlet: Outlet;
  readonly nowMs: () => number;
}

/** Seen by everybody on the way; the real one is encrypted. */
const SUBJECT = "...";

export function outgoingMail(settings: OutgoingMailSettings) {
  const { mailDomain, limits, optOuts } = settings;

  return async (message: OutgoingNative): Promise<NativeAnswer> => {
    const { from, to, bytes, token } = message;
    if (to.domain === mailDomain) return refused(`${mailDomain} is not a domain of mail users.`);
    if (await optOuts.has(to)) return refused("This person wants no mail from here.");
    const entity = await readEntity(bytes);
    if (entity.is === "wrong") return refused(`The message is no OpenPGP mail: ${entity.problem}.`);
    if (!(await settings.hasWritten(to))) limits.cold(from, to, token);
    const { certificate } = entity;
    if (certificate?.address === formatNativeAddress(to)) {
      await settings.learn(to, from, certificate.certificate, settings.nowMs());
    }
    const mail: SignableMail = {
      from: addressOf(from, mailDomain),
      to,
      messageId: messageIdOf(token, mailDomain),
      subject: SUBJECT,
      certificate: await settings.certificateOf(from),
      isAutomatic: false,
      mimeFields: encryptedFields(entity.boundary),
      body: entity.body,
    };
    return sendSigned(mail, `${reportLocalPart(token)}@${mailDomain}`, settings);
  };
}

export function encryptedFields(boundary: string): readonly string[] {
  return [
    `Content-Type: multipart/encrypted; protocol="application/pgp-encrypted";\r\n\tboundary="${boundary}"`,
  ];
}

export interface SignableMail extends Omit<OuterHeader, "atMs"> {
  readonly body: Uint8Array;
}

/**
 * @param sender of the envelope; null is the null sender
 * @throws UNREACHABLE
 */
export async function sendSigned(
  { body, ...header }: SignableMail,
  sender: string | null,
  {
    budget,
    signer,
    outlet,
    nowMs,
  }: Pick<OutgoingMailSettings, "budget" | "signer" | "outlet" | "nowMs">,
): Promise<NativeAnswer> {
  const allowance = budget.open();
  try {
    if (!(await allowance.take(body.length))) throw tooManyAtOnce();
    const lines = outerHeader({ ...header, atMs: nowMs() });
    const signatures = await signer.sign(lines, body);
    const head = Buffer.from(`${[...signatures, ...lines].join("\r\n")}\r\n\r\n`, "latin1");
    return await outlet(header.to.domain, {
      sender,
      recipient: formatNativeAddress(header.to),
      parts: [head, body],
      length: head.length + body.length,
    });
  } finally {
    allowance.close();
  }
}

export function addressOf(name: NormalName, mailDomain: string): NativeAddress {
  return { localPart: localPartOfName(name, "mail").written, domain: mailDomain };
}

function refused(sentence: string): NativeAnswer {
  return { is: "refused", sentence };
}

function tooManyAtOnce(): SignpostError {
  return new SignpostError(
    "UNREACHABLE",
    "Too many large mails are on their way at once. Try it again later.",
    { reason: "too many large mails at once" },
  );
}
