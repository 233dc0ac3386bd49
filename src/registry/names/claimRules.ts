/** Which free names a wallet may take for itself, by the domain's policy. */
import { sameBytes } from "../../abi/bytes.js";
import { toHex } from "../../abi/hex.js";
import { type Address, checksumAddress } from "../../ens/address.js";
import { SignpostError } from "../../errors.js";
import type { DomainPolicy } from "../domains/domainPolicy.js";
import { isInForce } from "../domains/reservation.js";
import { sharedDm3Form } from "./dm3Form.js";
import { walletOfLabel } from "./nameOwner.js";
import type { Situation } from "./situation.js";

/** Throws POLICY_FORBIDS, NAME_RESERVED, or NAME_TAKEN for a label that is another wallet's address. */
export function assertMayTake(situation: Situation, wallet: Address): void {
  const { name, domain, claimantNames, reservation, nowMs } = situation;
  const label = name.slice(0, -domain.name.length - 1);
  if (label === "" || label.includes(".")) {
    throw forbids(situation, "they can take only names directly under it");
  }
  assertOwnAddressLabel(situation, wallet);
  assertReservedFor(situation, wallet);
  if (walletOfLabel(name)) {
    if (!domain.policy.addressNames) throw forbids(situation, "it has no address names");
    return;
  }
  // what the service keeps for this wallet it lets it take
  const isKeptForIt = reservation !== null && isInForce(reservation, domain, nowMs);
  if (domain.policy.claims !== "wallets" && !isKeptForIt) {
    throw forbids(situation, "its service gives out the names");
  }
  if (isReservedLabel(label, domain.policy)) throw reserved(name);
  if (!domain.policy.aliases && claimantNames > 0) {
    throw forbids(situation, "a wallet can have one name here, and yours already has one");
  }
}

/** Also one that dm3's clients take for a reserved one. */
function isReservedLabel(label: string, { reservedLabels }: DomainPolicy): boolean {
  if (reservedLabels.includes(label)) return true;
  const form = sharedDm3Form(label);
  return form !== null && reservedLabels.some((reserved) => sharedDm3Form(reserved) === form);
}

/** A label that is an address belongs to that wallet, whoever publishes. */
export function assertOwnAddressLabel({ name }: Situation, wallet: Address): void {
  const named = walletOfLabel(name);
  if (!named || sameBytes(named, wallet)) return;
  throw new SignpostError(
    "NAME_TAKEN",
    `The name ${name} is the address of another wallet than ${checksumAddress(wallet)}. Only that wallet can have it.`,
    { name, wallet: toHex(wallet) },
  );
}

export function assertReservedFor(
  { name, domain, reservation, nowMs }: Situation,
  wallet: Address,
): void {
  if (!reservation || !isInForce(reservation, domain, nowMs)) return;
  if (reservation.wallet && sameBytes(reservation.wallet, wallet)) return;
  throw reserved(name);
}

function reserved(name: string): SignpostError {
  return new SignpostError(
    "NAME_RESERVED",
    `The name ${name} is reserved; choose another one, or ask the service for it.`,
    { name },
  );
}

function forbids({ name, domain }: Situation, why: string): SignpostError {
  return new SignpostError(
    "POLICY_FORBIDS",
    `Wallets cannot take ${name} under ${domain.name}: ${why}. Ask the service.`,
    { name, domain: domain.name },
  );
}
