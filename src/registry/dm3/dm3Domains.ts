/** The two domains that dm3's own API serves, and the names that wallets have there. */
import { toHex } from "../../abi/hex.js";
import type { Address } from "../../ens/address.js";
import { parentName } from "../../ens/hierarchy.js";
import { isUsableByDm3 } from "../names/dm3Form.js";
import { walletOfLabel } from "../names/nameOwner.js";
import type { DomainStore, NameStore } from "../store.js";

/** dm3's paths carry no domain, so an installation has one of each; both may be the same. */
export interface Dm3Domains {
  /** Holds the address names, `0x<40 lower-case digits>.<domain>`. */
  readonly addresses: string;
  /** Holds the names that wallets choose, dm3's aliases; null: they choose none here. */
  readonly names: string | null;
}

export function addressName(wallet: Address, { addresses }: Dm3Domains): string {
  return `${toHex(wallet)}.${addresses}`;
}

/** The wallet whose address name this is, or null. `name` is in normal form. */
export function walletOfAddressName(name: string, { addresses }: Dm3Domains): Address | null {
  return parentName(name) === addresses ? walletOfLabel(name) : null;
}

/** A wallet has one by itself; others can give it more. */
const MOST_NAMES = 1000;

/** The name that a wallet chose. Of several, which a service can give, the first by its letters that its client can use. */
export async function nameChosenBy(
  names: Pick<NameStore, "namesShownFor">,
  domains: Dm3Domains,
  wallet: Address,
): Promise<string | null> {
  if (domains.names === null) return null;
  const shown = await names.namesShownFor(wallet, domains.names, MOST_NAMES);
  return shown.find(isUsableByDm3) ?? null;
}

/** Sentences for the operator: what keeps wallets from all that dm3's API offers them. */
export async function dm3Obstacles(
  store: Pick<DomainStore, "domains">,
  { addresses, names }: Dm3Domains,
): Promise<readonly string[]> {
  const served = new Map((await store.domains()).map((domain) => [domain.name, domain.policy]));
  const obstacles: string[] = [];
  const addressPolicy = served.get(addresses);
  if (!addressPolicy) obstacles.push(notServed("DM3_ADDRESS_DOMAIN", addresses));
  else if (!addressPolicy.addressNames) {
    obstacles.push(
      `Wallets cannot publish through dm3's API: the policy of ${addresses} does not let them; if it should, \`signpost domain policy ${addresses} --address-names on\`.`,
    );
  }
  if (names === null) return obstacles;
  const namePolicy = served.get(names);
  if (!namePolicy) obstacles.push(notServed("DM3_NAME_DOMAIN", names));
  else if (namePolicy.claims !== "wallets") {
    obstacles.push(
      `Wallets cannot choose names through dm3's API: the policy of ${names} does not let them; if it should, \`signpost domain policy ${names} --claims wallets\`.`,
    );
  }
  return obstacles;
}

function notServed(setting: string, domain: string): string {
  return `${setting} is ${domain}, which is not served here; add it with \`signpost domain add ${domain} --chain <id> --resolver <address>\`, or correct the setting.`;
}
