/** The user's account at a storage: its name, what its names are sealed by, and a session. Found out with the first use. */
import { sameBytes } from "../abi/bytes.js";
import { SignpostError } from "../errors.js";
import { openSession } from "../messenger/session.js";
import type { StorageParts } from "../messenger/storagePort.js";
import { type NameSeal, nameSeal } from "./codec/sealedName.js";
import { addressName } from "./contactIds.js";
import { type StorageApi, storageApi } from "./storageApi.js";
import type { StorageSettings } from "./storageSettings.js";

export interface Account {
  /** In normal form. */
  readonly name: string;
  readonly seal: NameSeal;
  /** With a token. Throws what the storage's API throws, and SIGN_IN_REFUSED. */
  readonly at: <T>(work: (api: StorageApi, token: string) => Promise<T>) => Promise<T>;
}

export interface Connection {
  /**
   * @throws INVALID_REQUEST for keys that are not the messenger's; what looking the own profile up comes to: UNREACHABLE, NOT_FOUND,
   *   OTHER_KEYS
   */
  account(): Promise<Account>;
}

export function createConnection(settings: StorageSettings, parts: StorageParts): Connection {
  const { own, access, clock } = parts;
  const [keys] = parts.keys;
  let open: Account | null = null;

  function opened(name: string): Account {
    const api = storageApi(settings.url, name, access);
    const signedProfile = () => {
      const { profile, signature } = own.seen();
      return { profile, signature };
    };
    const session = openSession(api.signIn, { name, keys, signedProfile }, clock);
    return {
      name,
      seal: nameSeal(keys.engine, settings.privateKey, name),
      at: (work) => session.withToken((token) => work(api, token)),
    };
  }

  return {
    async account() {
      const { address } = await own.now();
      const name = settings.account ?? addressName(address, settings.addressDomain);
      if (open?.name === name) return open;
      const { publicKey } = await keys.engine.encryptionKey(settings.privateKey);
      if (!sameBytes(publicKey, keys.encryptionKey.publicKey)) throw otherKeys();
      return (open = opened(name));
    },
  };
}

function otherKeys(): SignpostError {
  return new SignpostError(
    "INVALID_REQUEST",
    "The storage has other keys than the messenger. Give createStorage the keys that openMessageKeys had.",
    { field: "keys" },
  );
}
