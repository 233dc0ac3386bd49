/** Relay nodes: the DeliveryServiceProfile that a name serves as `network.dm3.deliveryService`. */
import { DM3_DELIVERY_SERVICE_KEY, encodeDeliveryServiceRecord } from "../dm3/profileRecord.js";
import { parseDeliveryServiceProfile } from "../dm3/profile.js";
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
