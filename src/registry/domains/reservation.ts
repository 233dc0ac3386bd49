/** A name that no wallet may take, or only one. */
import type { Address } from "../../ens/address.js";
import type { NormalName } from "../../ens/normalize.js";
import type { Domain } from "./domain.js";

export interface Reservation {
  readonly domain: string;
  /** Full name. */
  readonly name: NormalName;
  /** The wallet that it is kept for; null: nobody. */
  readonly wallet: Address | null;
  /** Unix time in milliseconds from which it does not count any more; null: never. */
  readonly untilMs: number | null;
}

/** Only where the domain that made it is the one that holds the name now, and until its time. */
export function isInForce(
  { domain, untilMs }: Reservation,
  holding: Pick<Domain, "name">,
  nowMs: number,
): boolean {
  return domain === holding.name && (untilMs === null || nowMs < untilMs);
}
