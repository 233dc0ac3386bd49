/** What an app gives to `createStorage`, checked. */
import type { ProfileKeys } from "../dm3/keys/keys.js";
import { encryptionPrivateKeyOf } from "../dm3/keys/privateHalves.js";
import { parseUrl } from "../dm3/profile/secureUrl.js";
import { resolvableName } from "../ens/resolvableName.js";
import { SignpostError } from "../errors.js";

export interface StorageOptions {
  /** Where the storage answers: what dm3's web client has as `backendUrl`. */
  readonly url: string;
  /** Those that `openMessageKeys` had: the key pairs of the profile, or the storage key (32 bytes). */
  readonly keys: ProfileKeys | Uint8Array;
  /**
   * The domain of names that are made of addresses, as dm3's web client has it (`addressEnsSubdomain`): `addr.example.eth`. All
   * clients of a user have to have the same one, since it stands in the names of conversations.
   */
  readonly addressDomain: string;
  /** The account's name at the storage. Default: the user's address in lower case below `addressDomain`, as in dm3's web client. */
  readonly account?: string | undefined;
}

export interface StorageSettings {
  readonly url: string;
  /** 32 bytes: the private encryption key. */
  readonly privateKey: Uint8Array;
  /** Both in normal form. */
  readonly addressDomain: string;
  readonly account: string | null;
}

/** @throws INVALID_REQUEST, INVALID_NAME */
export function storageSettings(options: StorageOptions): StorageSettings {
  const { url, keys, addressDomain, account } = options;
  // apps in JavaScript leave them out
  for (const field of ["url", "keys", "addressDomain"] as const) {
    if (!(options as Partial<StorageOptions>)[field]) throw missing(field);
  }
  if (parseUrl(url) === null) throw missing("url");
  return {
    url: url.replace(/\/+$/, ""),
    privateKey:
      "encryptionKeyPair" in keys
        ? keys.encryptionKeyPair.privateKey
        : encryptionPrivateKeyOf(keys),
    // dm3's setting begins with a dot
    addressDomain: resolvableName(addressDomain.replace(/^\./, "")).name,
    account: account === undefined ? null : resolvableName(account.toLowerCase()).name,
  };
}

function missing(field: string): SignpostError {
  return new SignpostError(
    "INVALID_REQUEST",
    `The option ${field} of createStorage is missing or wrong. Give url, keys and addressDomain as the user's other clients have them.`,
    { field },
  );
}
