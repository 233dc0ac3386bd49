/** Why a name is not in ENSv1's registry, and who can put it there. */
import { dayOf } from "../chain/chainTime.js";
import type { Ancestor, NameFacts } from "../chain/nameFacts.js";
import { FUSES, isInGrace, type WrappedName } from "../chain/nameWrapper.js";
import { parentName } from "../ens/hierarchy.js";
import { isRegistered, reclaimCall } from "./registrationNotes.js";

/** One sentence or more. */
export function nonexistent({ name, ancestor, registration }: NameFacts): string {
  const seen = `${name} does not exist in the ENS registry`;
  if (ancestor === null) {
    return `${seen}. No name above it exists either: check --rpc and --registry.`;
  }
  if (isRegistered(registration) && registration.owner === null) {
    const { name: registered, registrant } = registration;
    const then = name === registered ? "" : ` and create ${name},`;
    return `${seen}, but ${registered} is registered to ${registrant}: it was never put there. The registrant has to call ${reclaimCall(registration, registrant)},${then} and then attach it.`;
  }
  if (ancestor.name === "eth") {
    return `${seen}: ${childOf("eth", name)} is not registered. Register it in the ENS app first.`;
  }
  const instead = `Or attach ${ancestor.name} itself: its resolver answers for all names below it.`;
  return `${seen}. ${whoCreates(name, ancestor)} ${instead}`;
}

function whoCreates(name: string, { name: above, owner, wrapped }: Ancestor): string {
  const next = childOf(above, name);
  const what = next === name ? "it" : `${next}, whose owner can create the next`;
  if (wrapped === null) return `The owner of ${above}, ${owner}, can create ${what}.`;
  const obstacle = obstacleIn(above, wrapped);
  if (obstacle !== null) return obstacle;
  return `The owner of ${above} in the NameWrapper ${wrapped.nameWrapper}, ${wrapped.owner ?? "nobody"}, can create ${what} there, with its resolver in one step (setSubnodeRecord).`;
}

/** Why the NameWrapper creates nothing below a name; null when it does. */
function obstacleIn(above: string, wrapped: WrappedName): string | null {
  if (wrapped.owner === null) {
    return `Nobody can create it now: ${above} is wrapped and has expired.`;
  }
  if ((wrapped.fuses & FUSES.CANNOT_CREATE_SUBDOMAIN) !== 0n) {
    return `Nobody can create it: the fuse CANNOT_CREATE_SUBDOMAIN of ${above} is burnt as long as that name lasts (until ${dayOf(wrapped.expirySec)}).`;
  }
  if (isInGrace(wrapped)) {
    return `Nobody can create it now: ${above} has expired and is in its grace period until ${dayOf(wrapped.expirySec)}. Renew it first; anybody can.`;
  }
  return null;
}

/** The name directly below `above` on the way to `name`. */
function childOf(above: string, name: string): string {
  for (let at = name; ;) {
    const parent = parentName(at);
    if (parent === above || parent === null) return at;
    at = parent;
  }
}
