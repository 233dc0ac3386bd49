/** The state of a name, as histories and digests have it; and the profiles that wallets publish under it. */
import { concat, getBytes, sha256, toUtf8Bytes, type Wallet } from "ethers";
import { canonical } from "./canonical.js";
import { DOMAIN } from "./people.js";

export interface NameState {
  readonly name: string;
  readonly domain: string;
  readonly addresses: Readonly<Record<string, string>>;
  readonly texts: Readonly<Record<string, string>>;
  readonly contenthash: string | null;
  readonly nameRecord: string | null;
  readonly pubkey: { readonly x: string; readonly y: string } | null;
  readonly abis: Readonly<Record<string, string>>;
  readonly data: Readonly<Record<string, string>>;
  readonly interfaces: Readonly<Record<string, string>>;
  readonly profileFingerprint: string | null;
  readonly held: boolean;
  readonly suspension: {
    readonly by: string;
    readonly reason: string;
    readonly atMs: number;
  } | null;
}

export function stateOf(name: string, changes: Partial<NameState> = {}): NameState {
  return {
    ...{ name, domain: DOMAIN, addresses: {}, texts: {}, contenthash: null, nameRecord: null },
    ...{ pubkey: null, abis: {}, data: {}, interfaces: {}, profileFingerprint: null },
    ...{ held: false, suspension: null },
    ...changes,
  };
}

/** Coin type 60: whose name it is. */
export function ownedBy({ address }: Wallet): Record<string, string> {
  return { "60": address.toLowerCase() };
}

/** A name that its owner signed for. */
export function heldBy(wallet: Wallet, name: string, changes: Partial<NameState> = {}): NameState {
  return stateOf(name, { addresses: ownedBy(wallet), held: true, ...changes });
}

export interface SignedProfile {
  readonly profile: object;
  readonly signature: string;
}

/** As dm3's clients have a wallet sign it. */
export async function signedProfile(wallet: Wallet, profile: object): Promise<SignedProfile> {
  const message = [
    "dm3.chat wants you register your dm3 profile with your Ethereum account:",
    wallet.address,
    "",
    "This is required only once!",
    "(There is no paid transaction initiated. The signature is used off-chain only.)",
    "",
    "URI: https://dm3.chat",
    "Version: 1",
    `dm3 Profile: ${canonical(profile)}`,
  ].join("\n");
  return { profile, signature: await wallet.signMessage(message) };
}

/** What of the state shows a wallet's profile. */
export function showing(wallet: Wallet, { profile, signature }: SignedProfile) {
  return {
    texts: {
      "network.dm3.profile": `data:application/json,${canonical({ profile, signature })}`,
    },
    profileFingerprint: sha256(concat([getBytes(wallet.address), toUtf8Bytes(canonical(profile))])),
  };
}
