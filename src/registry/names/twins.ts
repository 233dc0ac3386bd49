/**
 * Names under one domain that are one name to dm3's clients, as größe and grösse are. Whoever types the one sees the keys
 * of the other, so they never come to belong to two wallets (`twinRules`).
 */
import type { Address } from "../../ens/address.js";
import type { Reservation } from "../domains/reservation.js";

/** A name that others can be to dm3's clients. */
export interface TwinnedName {
  readonly name: string;
  readonly domain: string;
  /** `sharedDm3Form` of the name. */
  readonly sharedForm: string;
}

/** Of a name: the others that have the same form. */
export interface Twins {
  /** Those that a wallet owns. */
  readonly owned: readonly { readonly name: string; readonly owner: Address }[];
  readonly reservations: readonly Reservation[];
}

/** Two that belong to two wallets. */
export interface DivergentTwins {
  readonly domain: string;
  readonly names: readonly [string, string];
  readonly owners: readonly [Address, Address];
}

export const NO_TWINS: Twins = { owned: [], reservations: [] };
