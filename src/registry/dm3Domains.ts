/** The two domains that dm3's own API serves, and the names that wallets have there. */
import { fromHex, toHex } from "../abi/hex.js";
import { parentName } from "../ens/hierarchy.js";
import type { NameStore } from "./store.js";

/** dm3's paths carry no domain, so an installation has one of each; both may be the same. */
export interface Dm3Domains {
  /** Holds the address names, `0x<40 lower-case digits>.<domain>`. */
  readonly addresses: string;
  /** Holds the names that wallets choose, dm3's aliases; null: they choose none here. */
  readonly names: string | null;
}

const ADDRESS_LABEL = /^0x[0-9a-f]{40}$/;

/** Wallets choose one; a service can give them more. */
const MOST_NAMES = 100;

/** @param wallet 20 bytes */
export function addressName(wallet: Uint8Array, { addresses }: Dm3Domains): string {
  return `${toHex(wallet)}.${addresses}`;
}

/** The wallet (20 bytes) whose address name this is, or null. `name` is in normal form. */
export function walletOfAddressName(name: string, { addresses }: Dm3Domains): Uint8Array | null {
  return parentName(name) === addresses ? walletOfLabel(name) : null;
}

/** The wallet (20 bytes) that the first label of a name is made of, or null. */
export function walletOfLabel(name: string): Uint8Array | null {
  const [label = ""] = name.split(".", 1);
  return ADDRESS_LABEL.test(label) ? fromHex(label) : null;
}

/** The name that a wallet (20 bytes) chose. Of several, which a service can give, the first by its letters. */
export async function nameChosenBy(
  names: Pick<NameStore, "namesOfWallet">,
  domains: Dm3Domains,
  wallet: Uint8Array,
): Promise<string | null> {
  if (domains.names === null) return null;
  const owned = await names.namesOfWallet(wallet, domains.names, MOST_NAMES);
  const shown = owned.filter(
    ({ name, profileFingerprint, suspension }) =>
      profileFingerprint && !suspension && !walletOfLabel(name),
  );
  return shown.map(({ name }) => name).sort()[0] ?? null;
}
