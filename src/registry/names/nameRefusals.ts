/** Why a change of a name is refused, where several rules give the same reason. */
import { toHex } from "../../abi/hex.js";
import { type Address, checksumAddress } from "../../ens/address.js";
import { SignpostError } from "../../errors.js";
import type { ActionKind } from "./action.js";
import { ownerOf } from "./nameOwner.js";
import type { Situation } from "./situation.js";

export function noSuchName(name: string): SignpostError {
  return new SignpostError("NOT_FOUND", `The name ${name} does not exist.`, { name });
}

export function notAllowed(kind: ActionKind, who: "service" | "wallet"): SignpostError {
  return new SignpostError("FORBIDDEN", `The action ${kind} is not allowed for a ${who}.`, {
    action: kind,
  });
}

export function ownedByAnother(name: string): SignpostError {
  return new SignpostError(
    "NAME_TAKEN",
    `The name ${name} is owned by another wallet. Choose another name.`,
    { name },
  );
}

export function ownedByService(name: string): SignpostError {
  return new SignpostError(
    "NAME_TAKEN",
    `The name ${name} is owned by its service, so no wallet can change it.`,
    { name },
  );
}

export function notTheOwner(name: string, signer: Address, owner: Address): SignpostError {
  const [recovered, expected] = [checksumAddress(signer), checksumAddress(owner)];
  return new SignpostError(
    "WRONG_SIGNER",
    `Signed by ${recovered}, but the name ${name} is owned by ${expected}. Sign with that wallet, for exactly this chain, resolver, domain, name and content.`,
    { expected, recovered },
  );
}

export function heldByOwner({ name, current }: Situation): SignpostError {
  const owner = current && ownerOf(current);
  return new SignpostError(
    "HELD_BY_OWNER",
    `The name ${name} is held by its owner${owner ? `, ${checksumAddress(owner)}` : ""}: the owner has signed for it, so only the owner's signed requests can change it. The service can suspend it.`,
    { name, ...(owner && { owner: toHex(owner) }) },
  );
}

export function suspendedName({ name, current }: Situation): SignpostError {
  const { by = "service", reason = "" } = current?.suspension ?? {};
  return new SignpostError(
    "NAME_SUSPENDED",
    `The name ${name} is suspended by the ${by}: ${reason}. It cannot be changed until the ${by} ends the suspension.`,
    { name, by, reason },
  );
}

export function supersededProfile(name: string): SignpostError {
  return new SignpostError(
    "SUPERSEDED_PROFILE",
    `This profile was replaced or deleted before, so it cannot be published under ${name}: anyone with a copy of it could undo its owner's change. Sign another profile, for example with new keys.`,
    { name },
  );
}
