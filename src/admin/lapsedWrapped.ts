/** Wrapped names without an owner in the NameWrapper: five ways to get there, each with another way out. */
import { GRACE_SEC } from "../chain/chainTime.js";
import type { WrappedName } from "../chain/nameWrapper.js";
import type { Registration } from "../chain/registration.js";
import { parentName } from "../ens/hierarchy.js";
import { isRegistered, reclaimCall } from "./registrationNotes.js";

interface Lapsed {
  readonly name: string;
  readonly wrapped: WrappedName;
  readonly registration: Registration | null;
}

/** What is the case and what to do: two sentences. */
export function lapsedWrapped({ name, wrapped, registration }: Lapsed): string {
  return registration?.name === name
    ? registeredName(name, wrapped, registration)
    : nameBelow(name, wrapped);
}

function registeredName(name: string, wrapped: WrappedName, registration: Registration): string {
  const neverWrapped = wrapped.expirySec === 0n;
  if (!isRegistered(registration)) {
    return registration.nowSec > registration.expirySec + GRACE_SEC
      ? `${name} is wrapped, and its registration and grace period have ended. Register it anew.`
      : `The registration of ${name} has ended and the NameWrapper holds it for nobody. Renew it first; anybody can pay for it.`;
  }
  const { registrant } = registration;
  if (registrant !== wrapped.nameWrapper) {
    const seen = neverWrapped
      ? `the registry names the NameWrapper as its owner, which never wrapped it`
      : `the registry still names the NameWrapper of its former owner`;
    return `${name} is registered to ${registrant}, but ${seen}. The registrant has to call ${reclaimCall(registration, registrant)} first.`;
  }
  return neverWrapped
    ? `The NameWrapper has ${name} in the registrar, but never wrapped it: it was sent there by mistake, and nobody can change it.`
    : `${name} is wrapped and was renewed, but its NameWrapper does not know: there it has expired. Call renew of the wrapper's controller (WrappedETHRegistrarController) for ${name} and 0 seconds first; that costs nothing, and anybody can.`;
}

function nameBelow(name: string, wrapped: WrappedName): string {
  const above = parentName(name) ?? "the root";
  return wrapped.expirySec === 0n
    ? `The registry names the NameWrapper as the owner of ${name}, which never wrapped it. The owner of ${above} can give ${name} to somebody else (setSubnodeOwner).`
    : `${name} is wrapped and has expired. The owner of ${above} can issue it again.`;
}
