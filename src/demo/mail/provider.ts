/** A mail provider of somebody else, as far as others see it: the key that it signs its users' mail by (DKIM, RFC 6376). */
import { generateKeyPairSync, type KeyObject } from "node:crypto";
import { dkimSign } from "mailauth/lib/dkim/sign.js";

export interface Provider {
  readonly domain: string;
  readonly selector: string;
  readonly privateKey: KeyObject;
  /** For DNS. */
  readonly name: string;
  readonly record: string;
}

export function providerOf(
  domain: string,
  kind: "rsa" | "ed25519" = "rsa",
  bits = 2_048,
): Provider {
  const { privateKey, publicKey } =
    kind === "rsa"
      ? generateKeyPairSync("rsa", { modulusLength: bits })
      : generateKeyPairSync("ed25519");
  const der = publicKey.export({ type: "spki", format: "der" });
  const key = (kind === "rsa" ? der : der.subarray(-32)).toString("base64");
  const selector = `s${kind}`;
  return {
    ...{ domain, selector, privateKey },
    name: `${selector}._domainkey.${domain}`,
    record: `v=DKIM1; k=${kind}; p=${key}`,
  };
}

export interface SigningOptions {
  readonly signedAtMs?: number;
  readonly expiresMs?: number;
  /** Only the beginning of the body. */
  readonly bodyLength?: number;
  readonly algorithm?: string;
  /** Names of the fields to sign; those that are usual without it. */
  readonly fields?: readonly string[];
}

/** The fields that belong in front of the mail. Made by another library than ours. */
export async function signaturesOf(
  mail: string | Buffer,
  provider: Provider,
  options: SigningOptions = {},
): Promise<string> {
  const { signedAtMs = Date.now(), expiresMs, bodyLength, algorithm, fields } = options;
  const settings = {
    canonicalization: "relaxed/relaxed",
    signTime: new Date(signedAtMs),
    ...(expiresMs === undefined ? {} : { expires: new Date(expiresMs) }),
    signatureData: [
      {
        signingDomain: provider.domain,
        selector: provider.selector,
        privateKey: provider.privateKey.export({ type: "pkcs8", format: "pem" }) as string,
        ...(algorithm === undefined ? {} : { algorithm }),
        ...(bodyLength === undefined ? {} : { maxBodyLength: bodyLength }),
        ...(fields === undefined ? {} : { headerList: fields }),
      },
    ],
  };
  // its types ask for the fields of `signatureData` a second time
  const { signatures, errors } = await dkimSign(
    mail,
    settings as unknown as Parameters<typeof dkimSign>[1],
  );
  const [failed] = errors;
  if (failed !== undefined) throw failed.err;
  return signatures;
}
