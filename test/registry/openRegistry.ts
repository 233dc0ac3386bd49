/** A registry on an empty, real Postgres, with domains of two services; and what wallets sign for it. */
import { secp256k1 } from "@noble/curves/secp256k1.js";
import type { HDNodeWallet, Wallet } from "ethers";
import { fromHex, toHex } from "../../src/abi/hex.js";
import { domainStore } from "../../src/db/domainStore.js";
import { nameStore } from "../../src/db/nameStore.js";
import { signUp } from "../../src/demo/people.js";
import { personalMessageDigest } from "../../src/dm3/keys/walletSignature.js";
import type { SignedUserProfile } from "../../src/dm3/profile/profile.js";
import { profileCreationMessage } from "../../src/dm3/profile/profileSignature.js";
import { addressFrom } from "../../src/ens/address.js";
import { namehash } from "../../src/ens/namehash.js";
import { addDomain } from "../../src/registry/access/addDomain.js";
import { apiKeyFrom } from "../../src/registry/domains/apiKey.js";
import type { StoredName } from "../../src/registry/names/storedName.js";
import type { RegistryStores } from "../../src/registry/store.js";
import { type MigratedPool, openMigratedPool } from "../db/migratedPool.js";
import { bytes } from "../db/sampleNames.js";
import { publishProfile } from "./changes/serviceWrites.js";

export const DOMAIN = "users.example.eth";
/** Lies under DOMAIN, and belongs to another service. */
export const NESTED_DOMAIN = "team.users.example.eth";
export const OTHER_DOMAIN = "other.eth";
export const DOMAINS = [DOMAIN, NESTED_DOMAIN, OTHER_DOMAIN] as const;

export interface TestRegistry extends MigratedPool {
  readonly stores: RegistryStores;
  /** The name as it is stored, or null. */
  stored(name: string): Promise<StoredName | null>;
  /** Publishes under DOMAIN, unless another one is given. */
  publish(
    name: string,
    address: string,
    signedUserProfile: unknown,
    domain?: string,
  ): ReturnType<typeof publishProfile>;
}

export async function openRegistry(): Promise<TestRegistry> {
  const database = await openMigratedPool();
  const stores = { names: nameStore(database.pool), domains: domainStore(database.pool) };
  for (const [index, domain] of DOMAINS.entries()) {
    const served = { domain, chainId: 1n, resolver: bytes(20, index) };
    await addDomain(stores.domains, served, apiKeyFrom(bytes(32, index)));
  }
  return {
    ...database,
    stores,
    stored: async (name) => {
      const found = await stores.names.nameOf(namehash(name));
      if (!found) return null;
      const { version, sequence, ...stored } = found;
      if (version <= 0n || sequence < 0) throw new Error("A stored name has no version.");
      return stored;
    },
    publish: (name, address, signedUserProfile, domain = DOMAIN) =>
      publishProfile(stores, {
        domain,
        name,
        address: addressFrom(fromHex(address)),
        signedUserProfile,
      }),
  };
}

/** Profiles that one wallet signed, each with another relay node. */
export async function profilesOf(
  wallet: HDNodeWallet | Wallet,
  count: number,
): Promise<SignedUserProfile[]> {
  const relayNodes = Array.from({ length: count }, (_, index) => `relay-${index}.${DOMAIN}`);
  const people = await Promise.all(relayNodes.map((relayNode) => signUp([relayNode], wallet)));
  return people.map(({ signedUserProfile }) => signedUserProfile);
}

/** The same profile with another valid signature of the same wallet, as a wallet with random nonces makes them. */
export function signedAgain(
  wallet: { readonly address: string; readonly privateKey: string },
  { profile }: SignedUserProfile,
): SignedUserProfile {
  const message = profileCreationMessage(addressFrom(fromHex(wallet.address)), profile);
  const [recovery = 0, ...rs] = secp256k1.sign(
    personalMessageDigest(message),
    fromHex(wallet.privateKey),
    { prehash: false, format: "recovered", extraEntropy: true },
  );
  return { profile, signature: toHex(Uint8Array.of(...rs, 27 + recovery)) };
}

/** The same signature with `s` replaced by `n - s`: valid as mathematics, and made without the key. */
export function malleated({ profile, signature }: SignedUserProfile): SignedUserProfile {
  const { r, s } = secp256k1.Signature.fromHex(signature.slice(2, 130));
  const hex = (value: bigint) => value.toString(16).padStart(64, "0");
  const v = signature.endsWith("1b") ? "1c" : "1b";
  return { profile, signature: `0x${hex(r)}${hex(secp256k1.Point.CURVE().n - s)}${v}` };
}
