/** Replaces a service's own records of a name, and leaves what follows from a wallet's signature. */
import { COIN_TYPE_ETH } from "../ens/coinType.js";
import type { NameRecords } from "../ens/records.js";
import { nodeUnderDomain } from "./nameUnderDomain.js";
import { DM3_KEYS, parseOwnRecords } from "./ownRecords.js";
import type { OwnRecords } from "./ownRecordsSchema.js";
import { emptyName, type RegistryStores } from "./store.js";

/**
 * Replaces the kinds of records that are given; a kind that is left out stays as it is. Throws INVALID_NAME,
 * FORBIDDEN (another domain's name), INVALID_REQUEST (a reserved key, or a record that its standard forbids).
 */
export async function setRecords(
  { names, domains }: RegistryStores,
  { domain, name, records }: { domain: string; name: string; records: OwnRecords },
): Promise<void> {
  const node = await nodeUnderDomain(domains, name, domain);
  const own = parseOwnRecords(records);

  await names.changeName(node, async (locked) => {
    const kept = locked.current ?? emptyName(node, name, domain);
    await locked.save({ ...kept, domain, ...own, ...signedFor(kept, own) });
  });
}

/** The given kinds with those of their records that follow from what a wallet signed. */
function signedFor(
  kept: NameRecords,
  { addresses, texts }: Partial<NameRecords>,
): Partial<NameRecords> {
  const owner = kept.addresses.get(COIN_TYPE_ETH);
  const dm3Texts = [...kept.texts].filter(([key]) => key.startsWith(DM3_KEYS));
  return {
    ...(addresses && owner && { addresses: new Map([...addresses, [COIN_TYPE_ETH, owner]]) }),
    ...(texts && { texts: new Map([...texts, ...dm3Texts]) }),
  };
}
