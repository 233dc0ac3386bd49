/** A name that no wallet may take, or only one. */
import type { Address } from "../../ens/address.js";
import type { NormalName } from "../../ens/normalize.js";

export interface Reservation {
  readonly domain: string;
  /** Full name. */
  readonly name: NormalName;
  /** The wallet that it is kept for; null: nobody. */
  readonly wallet: Address | null;
  /** Unix time in milliseconds from which it does not count any more; null: never. */
  readonly untilMs: number | null;
}

export function isInForce({ untilMs }: Reservation, nowMs: number): boolean {
  return untilMs === null || nowMs < untilMs;
}
