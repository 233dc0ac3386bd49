/** What an attacker knows of the service: plain JSON, because the attackers run in a process of their own. */
export interface Target {
  /** `http://127.0.0.1:port` */
  readonly origin: string;
  /** Of the attackers' own domain; each attack has one, so that none uses up what another one may ask for. */
  readonly keys: Readonly<Record<KeyUse, string>>;
}

export const KEY_USES = ["limited", "pages", "batches", "profiles", "preparation"] as const;
export type KeyUse = (typeof KEY_USES)[number];

export const HOSTILE_DOMAIN = "hostile.example.eth";
/** Whom nobody attacks, and who must not feel it. */
export const GOOD_DOMAIN = "good.example.eth";

export const RESOLVER = `0x${"5f".repeat(20)}`;
export const LOOKUP_CHAIN = 1;
/** Its RPC node takes every request and never answers. */
export const HANGING_CHAIN = 5;
/** Its RPC node answers at once, and says of every contract wallet that it signed. */
export const ANSWERING_CHAIN = 10;

/** In the attackers' domain. */
export const LONG_TEXT = { name: `long.${HOSTILE_DOMAIN}`, key: "long" };
export const LONG_HISTORY = `large-0.${HOSTILE_DOMAIN}`;
export const LARGE_NAMES = 150;

/** Documentation addresses (RFC 5737): the proxy in front says that a request came from there. */
export const GOOD_NETWORK = "198.51.100.7";
export const HONEST_WALLET_NETWORK = "198.51.100.20";

export function hostileNetwork(number: number): string {
  return `203.0.113.${1 + (number % 250)}`;
}
