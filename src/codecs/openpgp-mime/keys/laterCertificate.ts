/** A certificate with what a later copy of it has: a copy proves by its signatures that the same key's owner made it, whoever hands it over. */
import { fingerprintOf, readCertificate } from "./certificate.js";
import { assertPlainCertificate } from "./plainCertificate.js";

/**
 * The certificate with subkeys, expiry times and revocations of the copy that the same primary key signed. Null where the copy is of
 * another key.
 * @throws UNUSABLE_CERTIFICATE for a copy that is too large, or that nothing can be encrypted for
 */
export async function withLaterCopy(
  certificate: Uint8Array,
  copy: Uint8Array,
): Promise<Uint8Array | null> {
  const [key, other] = await Promise.all([readCertificate(certificate), readCertificate(copy)]);
  if (fingerprintOf(key) !== fingerprintOf(other)) return null;
  await assertPlainCertificate(copy);
  // checks each signature before it takes what it is over
  return (await key.update(other)).write();
}
