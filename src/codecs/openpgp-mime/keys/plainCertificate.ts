/**
 * Certificates of strangers that are to be encrypted for by somebody who cannot wait long: few packets, and keys of usual kinds and
 * sizes. What it costs to check signatures and to encrypt is bounded then.
 */
import type { PublicKey } from "openpgp";
import { loadOpenPgp } from "../libraries.js";
import { assertTakesMail, fingerprintOf, readCertificate, unusable } from "./certificate.js";

/** Primary key, user ids, subkeys, and the signatures over them. */
const MOST_PACKETS = 20;
const MOST_RSA_BITS = 4_096;

/** @throws UNUSABLE_CERTIFICATE */
export async function assertPlainCertificate(bytes: Uint8Array): Promise<void> {
  const key = await readCertificate(bytes);
  const refused = (reason: string) => unusable(fingerprintOf(key), reason);
  if (key.toPacketList().length > MOST_PACKETS) {
    throw refused(`it has more than ${MOST_PACKETS} packets`);
  }
  const { enums } = await loadOpenPgp();
  const { rsaEncryptSign, ecdh, ecdsa, eddsaLegacy, ed25519, x25519, ed448, x448 } =
    enums.publicKey;
  const usual = [rsaEncryptSign, ecdh, ecdsa, eddsaLegacy, ed25519, x25519, ed448, x448];
  for (const part of key.getKeys() as readonly Pick<
    PublicKey,
    "keyPacket" | "getAlgorithmInfo"
  >[]) {
    if (!usual.includes(part.keyPacket.algorithm)) throw refused("its algorithm is not in use");
    if ((part.getAlgorithmInfo().bits ?? 0) > MOST_RSA_BITS) {
      throw refused(`its key has more than ${MOST_RSA_BITS} bits`);
    }
  }
  await assertTakesMail(key);
}
