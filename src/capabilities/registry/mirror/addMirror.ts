/** A domain of a primary becomes a mirror here: made if it is not there, and frozen from its first moment as one. */
import type { MirrorKeys } from "../../../db/mirror/mirrorKeys.js";
import { isSignpostError, SignpostError } from "../../../errors.js";
import { foreignText } from "../../../fetch/foreignText.js";
import type { PrimaryPlace } from "../../../mirror/mirror.js";
import type { MirrorStore } from "../../../mirror/mirrorStore.js";
import { readDomain } from "../../../mirror/takeFacts.js";
import type { RegistryStores } from "../../../registry/store.js";
import { outcomeNotes, type Outcomes } from "../../../transfer/arrive/outcomes.js";
import { importDomain } from "../../../transfer/importDomain.js";
import type { ImportStore } from "../../../transfer/importPort.js";
import { type OpenPrimary, openPrimary } from "./primaryApi.js";

export interface NewMirror {
  readonly domain: string;
  readonly primary: PrimaryPlace;
  /** Of the primary: with the scopes `names:read` and `domain:admin`. */
  readonly apiKey: string;
}

export interface MirrorHome {
  readonly registry: RegistryStores;
  readonly imports: Pick<ImportStore, "takesFromAnother">;
  readonly mirrors: Pick<MirrorStore, "add" | "mirrorOf">;
  readonly keys: MirrorKeys;
  /** Of the domain, if it has to be made. */
  readonly newApiKey: string;
}

export interface AddedMirror {
  /** Whether the domain was made here. */
  readonly isNew: boolean;
  /** What was refused of its aliases, and the like. */
  readonly remarks: Outcomes["remarks"];
}

/**
 * Throws what `Primary` throws where that does not answer, FORBIDDEN for a key of another domain, NAME_TAKEN for a mirror,
 * MIRROR_NOT_READY for a domain that is changed here, and what `importDomain` throws.
 */
export async function addMirror(
  home: MirrorHome,
  { domain, primary: place, apiKey }: NewMirror,
): Promise<AddedMirror> {
  const { registry, imports, mirrors, keys, newApiKey } = home;
  const primary = openPrimary(place, apiKey);
  try {
    const opened = await primary.ownDomain();
    if (opened !== domain) throw otherDomain(domain, foreignText(opened));
    const lines = await domainLines(primary, domain);
    const known = (await registry.domains.domains()).find(({ name }) => name === domain) ?? null;
    const isMirror = known !== null && (await mirrors.mirrorOf(domain)) !== null;
    if (known !== null && known.frozen === null && !isMirror) await assertEmpty(home, domain);
    const notes = outcomeNotes();
    if (known === null) {
      const into = { registry, store: imports, newApiKey, dryRun: false };
      const told = readDomain(domain, lines);
      await importDomain({ ...into, onNewDomain: () => undefined }, told, notes);
    }
    // before anybody follows it
    if (!isMirror) await keys.keep(domain, apiKey);
    await mirrors.add(domain, place);
    return { isNew: known === null, remarks: notes.outcomes().remarks };
  } finally {
    await primary.close();
  }
}

/** What else is followed, the key may read as well, if it may read this. */
async function domainLines(
  primary: Pick<OpenPrimary, "domain">,
  domain: string,
): Promise<readonly string[]> {
  try {
    return (await primary.domain()).lines;
  } catch (error) {
    if (!isSignpostError(error, "FORBIDDEN")) throw error;
    throw new SignpostError(
      "FORBIDDEN",
      `${error.message} A mirror reads reservations as well as names, so its key needs names:read and domain:admin (\`signpost key add ${domain} --scopes names:read,domain:admin\`, there).`,
      {},
      { cause: error },
    );
  }
}

/** A domain with names that is changed here is perhaps the primary of somebody. */
async function assertEmpty({ registry }: MirrorHome, domain: string): Promise<void> {
  const page = { prefix: "", after: "", limit: 1 };
  if ((await registry.names.namesOfDomain(domain, page)).items.length === 0) return;
  throw new SignpostError(
    "MIRROR_NOT_READY",
    `${domain} has names here, and they are changed here. If it is to be a mirror, freeze it first: \`signpost domain freeze ${domain} --to <the primary's URL>\`.`,
    { domain },
  );
}

function otherDomain(domain: string, opened: string): SignpostError {
  return new SignpostError(
    "FORBIDDEN",
    `The API key opens ${opened} at the primary, and not ${domain}. Give a key of ${domain} (\`signpost key add ${domain} --scopes names:read,domain:admin\`, there).`,
    { name: domain, domain: opened },
  );
}
