/** OpenPGP certificates and keys as the codec reads them: binary, one key each, version 4 or 6 (RFC 9580). */
import type { PartialConfig, PrivateKey, PublicKey } from "openpgp";
import { SignpostError } from "../../../errors.js";
import { loadFurtherCurves, loadOpenPgp } from "../libraries.js";
import type { Fingerprint } from "./fingerprint.js";
import { isVerdict, verdictText } from "./libraryFailure.js";

/** In bytes; as in the certificate record. */
export const LARGEST_CERTIFICATE = 16_384;
const MOST_USER_IDS = 50;
const FURTHER_CURVES = /^(?:brainpool|secp256k1)/;

/** What is read strictly, and with bounds. */
export const STRICT: PartialConfig = {
  ignoreMalformedPackets: false,
  allowUnauthenticatedMessages: false,
  enforceGrammar: true,
  maxUserIDLength: 1024,
  // 64 MiB
  maxArgon2MemoryExponent: 16,
};

/** @throws UNUSABLE_CERTIFICATE for what is none, or holds a private key; INVALID_CONFIGURATION where a library is missing */
export async function readCertificate(bytes: Uint8Array): Promise<PublicKey> {
  if (bytes.length > LARGEST_CERTIFICATE) {
    throw unusable(null, `it is longer than ${LARGEST_CERTIFICATE} bytes`);
  }
  const [key, ...others] = await readCertificates(bytes);
  if (key === undefined || others.length > 0) throw unusable(null, "it is not one certificate");
  return key;
}

/** All in a file; its length is its caller's matter. @throws UNUSABLE_CERTIFICATE, INVALID_CONFIGURATION */
export async function readCertificates(binaryKeys: Uint8Array): Promise<readonly PublicKey[]> {
  const { readKeys } = await loadOpenPgp();
  let keys;
  try {
    keys = await readKeys({ binaryKeys, config: STRICT });
  } catch (cause) {
    throw unusable(null, "it is no OpenPGP certificate in binary form", cause);
  }
  await Promise.all(keys.map(loadCurvesOf));
  return keys.map((key) => {
    if (key.isPrivate()) throw unusable(fingerprintOf(key), "it holds a private key");
    if (key.users.length > MOST_USER_IDS) {
      throw unusable(fingerprintOf(key), `it has more than ${MOST_USER_IDS} user ids`);
    }
    return key.toPublic();
  });
}

/** @throws UNUSABLE_CERTIFICATE for what is no private key, or is protected by a passphrase; INVALID_CONFIGURATION */
export async function readMailKey(bytes: Uint8Array): Promise<PrivateKey> {
  const { readPrivateKey } = await loadOpenPgp();
  let key;
  try {
    key = await readPrivateKey({ binaryKey: bytes, config: STRICT });
  } catch {
    // without a cause: nothing of a key stands in an error
    throw unusable(null, "it is no OpenPGP private key in binary form");
  }
  if (!key.isDecrypted()) throw unusable(fingerprintOf(key), "it is protected by a passphrase");
  await loadCurvesOf(key);
  return key;
}

/** Without their package the library takes good signatures for wrong ones. */
async function loadCurvesOf(key: Pick<PublicKey, "getKeys">): Promise<void> {
  const parts = key.getKeys() as readonly Pick<PublicKey, "getAlgorithmInfo">[];
  const isFurther = parts.some((part) => {
    const { algorithm, curve = "" } = part.getAlgorithmInfo();
    return algorithm === "ecdsa" && FURTHER_CURVES.test(curve);
  });
  if (isFurther) await loadFurtherCurves();
}

export function fingerprintOf(key: Pick<PublicKey, "getFingerprint">): Fingerprint {
  return key.getFingerprint().toUpperCase();
}

/**
 * The addresses that it says it is for, in lower case: of user ids that its own key signed and did not revoke.
 * @throws UNUSABLE_CERTIFICATE where that could not be found out
 */
export async function addressesOf(key: PublicKey): Promise<readonly string[]> {
  const addresses = await Promise.all(
    key.users.map(async (user) => {
      const address = mailAddressIn(user.userID?.userID ?? "");
      if (address === null) return null;
      const isSigned = await user.verify().catch((cause: unknown) => {
        if (isVerdict(cause)) return false;
        throw unusable(fingerprintOf(key), verdictText(cause), cause);
      });
      return isSigned ? address : null;
    }),
  );
  return addresses.filter((address) => address !== null);
}

/** `Alice <alice@mail.example>`, or the address alone. */
function mailAddressIn(userId: string): string | null {
  const [, inBrackets, alone] =
    /<([^<>\s]+@[^<>\s]+)>\s*$|^([^<>\s]+@[^<>\s]+)$/.exec(userId) ?? [];
  return (inBrackets ?? alone)?.toLowerCase() ?? null;
}

/** @throws UNUSABLE_CERTIFICATE where nothing can be encrypted for it */
export async function assertTakesMail(key: PublicKey): Promise<void> {
  try {
    await key.getEncryptionKey();
  } catch (cause) {
    const reason = `nothing can be encrypted for it (${verdictText(cause)})`;
    throw unusable(fingerprintOf(key), reason, cause);
  }
}

/** @throws UNUSABLE_CERTIFICATE where nothing can be signed with it */
export async function assertSigns(key: PrivateKey): Promise<void> {
  try {
    await key.getSigningKey();
  } catch (cause) {
    // without a cause, as above
    throw unusable(fingerprintOf(key), `nothing can be signed with it (${verdictText(cause)})`);
  }
}

export function unusable(
  fingerprint: Fingerprint | null,
  reason: string,
  cause?: unknown,
): SignpostError {
  return new SignpostError(
    "UNUSABLE_CERTIFICATE",
    `The certificate${fingerprint === null ? "" : ` ${fingerprint}`} cannot be used: ${reason}.`,
    { fingerprint, reason },
    { cause },
  );
}
