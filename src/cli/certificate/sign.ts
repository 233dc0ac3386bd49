/** `signpost certificate sign <name>`: the signing key of a DM3 profile vouches for a certificate, offline. */
import { ed25519 } from "@noble/curves/ed25519.js";
import type { Command } from "commander";
import { decodeUtf8 } from "../../abi/utf8.js";
import { encodeBase64 } from "../../dm3/base64.js";
import {
  type CertificateScheme,
  parseCertificate,
  signCertificate,
} from "../../dm3/statement/certificate.js";
import { resolvableName } from "../../ens/resolvableName.js";
import { SignpostError } from "../../errors.js";
import { givenFile } from "../../terminal/givenFile.js";
import { jsonText } from "../../terminal/jsonText.js";
import { givenKeyPairs } from "../message/givenKeys.js";

interface SignFlags {
  readonly certificate: string;
  readonly address: string;
  readonly keys: string;
  readonly scheme: CertificateScheme;
}

/** In bytes; armor takes a third more than the certificate itself, whose bound is told when it is read. */
const LONGEST_FILE = 65_536;
const SEED_BYTES = 32;
/** RFC 9580, section 6.2: header lines, an empty line, base64, and perhaps a checksum. */
const ARMOR =
  /^-----BEGIN PGP PUBLIC KEY BLOCK-----\r?\n(?:[^\r\n]+\r?\n)*[ \t]*\r?\n([A-Za-z0-9+/=\s]+?)(?:\r?\n=[A-Za-z0-9+/]{4})?\s*-----END PGP PUBLIC KEY BLOCK-----\s*$/;

/** Throws INVALID_REQUEST, INVALID_NAME, and INVALID_PROFILE for a certificate or an address that cannot be published. */
export async function sign(given: string, flags: SignFlags, command: Command): Promise<void> {
  const { name } = resolvableName(given);
  const { address, scheme } = flags;
  const { profileKeys } = await givenKeyPairs(flags.keys);
  const { privateKey } = profileKeys.signingKeyPair;
  const publicSigningKey = encodeBase64(ed25519.getPublicKey(privateKey.subarray(0, SEED_BYTES)));
  const record = signCertificate(privateKey, publicSigningKey, {
    ...{ name, scheme, address, certificate: await certificateIn(flags.certificate) },
    signedAtSec: Math.floor(Date.now() / 1000),
  });
  command.configureOutput().writeOut?.(`${jsonText(parseCertificate(record))}\n`);
}

/** Base64 of the certificate in binary; the file has that, or its ASCII armor. */
async function certificateIn(file: string): Promise<string> {
  const bytes = await givenFile("certificate", file, process.stdin, LONGEST_FILE);
  if (bytes.length > LONGEST_FILE) throw wrongFile(`is longer than ${LONGEST_FILE} bytes`, file);
  if (bytes[0] !== "-".charCodeAt(0)) return encodeBase64(bytes);
  const [, body] = ARMOR.exec(textOf(bytes, file)) ?? [];
  if (body === undefined) throw wrongFile("is no public key block of OpenPGP", file);
  return body.replace(/\s/g, "");
}

function textOf(bytes: Uint8Array, file: string): string {
  try {
    return decodeUtf8(bytes);
  } catch {
    throw wrongFile("is no text", file);
  }
}

function wrongFile(problem: string, file: string): SignpostError {
  return new SignpostError(
    "INVALID_REQUEST",
    `The certificate in ${file} ${problem}. Export it with: gpg --export --armor <address>.`,
  );
}
