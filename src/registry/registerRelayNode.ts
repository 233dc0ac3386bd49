/** Relay nodes: the DeliveryServiceProfile that a name serves as `network.dm3.deliveryService`. */
import { DM3_DELIVERY_SERVICE_KEY, encodeDeliveryServiceRecord } from "../dm3/profileRecord.js";
import { parseDeliveryServiceProfile } from "../dm3/profile.js";
import { SignpostError } from "../errors.js";
import { nodeUnderDomain } from "./nameUnderDomain.js";
import { emptyName, type RegistryStores } from "./store.js";

/**
 * Registers or replaces a relay node. `profile` is untrusted input. Throws INVALID_NAME, FORBIDDEN (another
 * domain's name) and INVALID_PROFILE.
 */
export async function registerRelayNode(
  { names, domains }: RegistryStores,
  { domain, name, profile }: { domain: string; name: string; profile: unknown },
): Promise<void> {
  const node = await nodeUnderDomain(domains, name, domain);
  const record = encodeDeliveryServiceRecord(parseDeliveryServiceProfile(profile));
  await names.changeName(node, async (locked) => {
    const kept = locked.current ?? emptyName(node, name, domain);
    await locked.save({
      ...kept,
      domain,
      texts: new Map(kept.texts).set(DM3_DELIVERY_SERVICE_KEY, record),
    });
  });
}

/** Throws INVALID_NAME, FORBIDDEN (another domain's name), and NOT_FOUND when no relay node has the name. */
export async function removeRelayNode(
  { names, domains }: RegistryStores,
  domain: string,
  name: string,
): Promise<void> {
  const node = await nodeUnderDomain(domains, name, domain);
  await names.changeName(node, async (locked) => {
    const texts = new Map(locked.current?.texts);
    if (!locked.current || !texts.delete(DM3_DELIVERY_SERVICE_KEY)) {
      throw new SignpostError("NOT_FOUND", `The name ${name} is not a relay node's.`, { name });
    }
    await locked.save({ ...locked.current, domain, texts });
  });
}
