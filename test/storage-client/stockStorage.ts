/**
 * How dm3's web client keeps conversations, by its own libraries for cryptography: names by one key and one nonce, containers for the
 * user's own public key.
 */
import {
  decrypt,
  decryptAsymmetric,
  encrypt,
  encryptAsymmetric,
  type EncryptedPayload,
} from "@dm3-org/dm3-lib-crypto";
import { sha256, stringify } from "@dm3-org/dm3-lib-shared";

const payloadIn = (sealed: string) => JSON.parse(atob(sealed)) as EncryptedPayload;

export interface StockKeys {
  readonly encryptionKeyPair: { readonly publicKey: string; readonly privateKey: string };
}

/** @param account `account.ensName` of the client: the address below its domain of addresses, in lower case */
export function stockStorage({ encryptionKeyPair }: StockKeys, account: string) {
  const { publicKey, privateKey } = encryptionKeyPair;
  const nonce = sha256(account).slice(0, 26);
  return {
    sealName: async (text: string) => btoa(stringify(await encrypt(privateKey, text, nonce, 1))),
    openName: (sealed: string) => decrypt(privateKey, payloadIn(sealed), 1),
    sealContainer: async (container: object) =>
      btoa(stringify(await encryptAsymmetric(publicKey, stringify(container)))),
    openContainer: async (sealed: string) =>
      JSON.parse(await decryptAsymmetric(encryptionKeyPair, payloadIn(sealed))) as Record<
        string,
        unknown
      >,
  };
}

/** A message of its user, as the client gives it to its storage. */
export const stockContainer = (message: object, messageState = 0) => ({
  envelop: {
    message,
    metadata: {
      encryptionScheme: "x25519-chacha20-poly1305",
      deliveryInformation: "",
      signature: "",
      messageHash: sha256(stringify(message)),
      version: "v1",
    },
  },
  ...{ messageState, source: 0, reactions: [] },
});
