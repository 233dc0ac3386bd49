/** Whose names can be that are one name to dm3's clients. */
import { sameBytes } from "../../abi/bytes.js";
import { toHex } from "../../abi/hex.js";
import { SignpostError } from "../../errors.js";
import { isInForce, type Reservation } from "../domains/reservation.js";
import { ownerOf } from "./nameOwner.js";
import type { Situation } from "./situation.js";
import type { StoredName } from "./storedName.js";
import type { Twins } from "./twins.js";

/**
 * Throws NAME_TAKEN or NAME_RESERVED where the name would come to another wallet than its twins. What was so before there
 * was this rule stays.
 */
export function assertTwinsAreItsOwners(situation: Situation, after: StoredName | null): void {
  const { name, current, twins, domain, reservation, nowMs } = situation;
  const owner = after && ownerOf(after);
  const before = current && ownerOf(current);
  if (!owner || (before && sameBytes(before, owner))) return;
  const taken = twins.owned.find((twin) => !sameBytes(twin.owner, owner));
  if (taken) throw twinTaken(name, taken);
  const isFor = (one: Reservation) => one.wallet !== null && sameBytes(one.wallet, owner);
  // what the service keeps for this wallet, it lets it have
  if (reservation && isInForce(reservation, domain, nowMs) && isFor(reservation)) return;
  const kept = twins.reservations.find((one) => isInForce(one, domain, nowMs) && !isFor(one));
  if (kept) throw twinReserved(name, kept.name);
}

/** Throws NAME_TAKEN or NAME_RESERVED where a name would be kept for another wallet than its twins. */
export function assertReservable({ name, domain, wallet }: Reservation, twins: Twins): void {
  if (wallet === null) return;
  const taken = twins.owned.find((twin) => !sameBytes(twin.owner, wallet));
  if (taken) throw twinTaken(name, taken);
  const kept = twins.reservations.find(
    (one) => one.domain === domain && one.wallet !== null && !sameBytes(one.wallet, wallet),
  );
  if (kept) throw twinReserved(name, kept.name);
}

function twinTaken(name: string, twin: Twins["owned"][number]): SignpostError {
  return new SignpostError(
    "NAME_TAKEN",
    `To dm3's clients ${name} and ${twin.name} are one name, and another wallet owns ${twin.name}. Choose another name.`,
    { name, twin: twin.name, owner: toHex(twin.owner) },
  );
}

function twinReserved(name: string, twin: string): SignpostError {
  return new SignpostError(
    "NAME_RESERVED",
    `To dm3's clients ${name} and ${twin} are one name, and ${twin} is reserved; choose another name, or ask the service for it.`,
    { name, twin },
  );
}
