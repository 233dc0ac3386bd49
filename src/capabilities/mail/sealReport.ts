/** Reports to mail users, encrypted for them and signed by the bridge's own OpenPGP key: Delta Chat ignores plain ones. */
import { encodeMail } from "../../codecs/openpgp-mime/encodeMail.js";
import { withLaterCopy } from "../../codecs/openpgp-mime/keys/laterCertificate.js";
import { openMailKey } from "../../codecs/openpgp-mime/keys/mailKey.js";
import { assertPlainCertificate } from "../../codecs/openpgp-mime/keys/plainCertificate.js";
import type {
  KnownCertificates,
  MailCertificateStore,
} from "../../db/messaging/mailCertificateStore.js";
import type { OwnKeyStore } from "../../db/messaging/ownKeyStore.js";
import { isSignpostError } from "../../errors.js";
import type { SealReport } from "../../mail/mailPorts.js";
import { MAILER_DAEMON } from "../../messaging/address/bridgeItself.js";
import { formatNativeAddress } from "../../messaging/address/nativeAddress.js";
import { localPartOfName } from "../../messaging/address/virtualAddress.js";

interface SealingParts {
  readonly mailDomain: string;
  readonly certificates: Pick<MailCertificateStore, "known">;
  readonly ownKey: Pick<OwnKeyStore, "newest">;
  /** Unix time in milliseconds. */
  readonly nowMs: () => number;
}

export function reportSealer({
  mailDomain,
  certificates,
  ownKey,
  nowMs,
}: SealingParts): SealReport {
  return async ({ to, recipient, messageId, ...told }) => {
    const certificate = await usableOf(await certificates.known(to, recipient));
    if (certificate === null) return null;
    const privateKey = await ownKey.newest();
    try {
      const own = await openMailKey(privateKey);
      const entity = await encodeMail(
        {
          from: `${MAILER_DAEMON}@${mailDomain}`,
          to: [formatNativeAddress(to)],
          ...{
            dateMs: nowMs(),
            messageId: `<${messageId}>`,
            subject: "Your mail was not delivered",
          },
          content: {
            ...{ type: "REPORT", ...told },
            recipient: `${localPartOfName(recipient, "mail").written}@${mailDomain}`,
          },
        },
        { privateKey, certificates: [certificate] },
      );
      return { entity, certificate: own.certificate };
    } finally {
      privateKey.fill(0);
    }
  };
}

/**
 * The owner's own, with what a later copy of it adds: its key signed that, so the DM3 user who handed it over need not be believed. Only
 * where the own one is of no use any more, what was handed over. Null where none is of use: the report goes out plain.
 */
async function usableOf({ own, handed }: KnownCertificates): Promise<Uint8Array | null> {
  const later =
    own === null || handed === null ? null : await unlessUnusable(() => withLaterCopy(own, handed));
  for (const one of [later, own, handed]) {
    if (one === null) continue;
    const isUsable = await unlessUnusable(async () => {
      await assertPlainCertificate(one);
      return true;
    });
    if (isUsable === true) return one;
  }
  return null;
}

/** Strangers made them. */
async function unlessUnusable<Result>(work: () => Promise<Result>): Promise<Result | null> {
  try {
    return await work();
  } catch (error) {
    if (isSignpostError(error, "UNUSABLE_CERTIFICATE")) return null;
    throw error;
  }
}
