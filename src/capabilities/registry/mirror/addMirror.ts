/** A domain of a primary becomes a mirror here: made if it is not there, and frozen from its first moment as one. */
import { fromHex } from "../../../abi/hex.js";
import type { MirrorKeys } from "../../../db/mirror/mirrorKeys.js";
import { addressFrom } from "../../../ens/address.js";
import { isSignpostError, SignpostError } from "../../../errors.js";
import { foreignText } from "../../../fetch/foreignText.js";
import type { PrimaryPlace } from "../../../mirror/mirror.js";
import type { MirrorStore, NewDomain } from "../../../mirror/mirrorStore.js";
import { readDomain } from "../../../mirror/takeFacts.js";
import { newApiKey } from "../../../registry/domains/apiKey.js";
import type { RegistryStores } from "../../../registry/store.js";
import { outcomeNotes, type Outcomes } from "../../../transfer/arrive/outcomes.js";
import type { DomainLines } from "../../../transfer/domain/domainLines.js";
import { importAlias } from "../../../transfer/domain/importAlias.js";
import { resolversOfNew } from "../../../transfer/importDomain.js";
import type { ImportStore } from "../../../transfer/importPort.js";
import { type OpenPrimary, openPrimary } from "./primaryApi.js";

export interface NewMirror {
  readonly domain: string;
  readonly primary: PrimaryPlace;
  /** Of the primary: with the scopes `names:read` and `domain:admin`. */
  readonly apiKey: string;
  /** The URL that writers are sent to; null: the primary's, unless that lies in a private network. */
  readonly to: string | null;
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
  { domain, primary: place, apiKey, to }: NewMirror,
): Promise<AddedMirror> {
  const { registry, mirrors } = home;
  const primary = openPrimary(place, apiKey);
  try {
    const opened = await primary.ownDomain();
    if (opened !== domain) throw otherDomain(domain, foreignText(opened));
    const lines = await domainLines(primary, domain);
    const known = (await registry.domains.domains()).find(({ name }) => name === domain) ?? null;
    const told = readDomain(domain, lines);
    const made = known === null ? await newDomain(home, told) : null;
    const sentTo = to ?? (place.network === null ? place.url : null);
    await withKey(home, domain, apiKey, () =>
      mirrors.add({ domain, primary: place, to: sentTo, made }),
    );
    const notes = outcomeNotes();
    for (const { alias } of known === null ? told.aliases : []) {
      await importAlias({ registry, dryRun: false }, { alias, domain }, notes);
    }
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

async function newDomain(
  { imports, newApiKey: apiKey }: MirrorHome,
  told: DomainLines,
): Promise<NewDomain> {
  const { owner, policy } = told.domain;
  return {
    resolvers: await resolversOfNew(imports, told),
    key: newApiKey(apiKey),
    ...{ owner: owner === null ? null : addressFrom(fromHex(owner)), policy },
  };
}

/** The key is kept before anybody follows, and not where nobody will. */
async function withKey(
  { mirrors, keys }: MirrorHome,
  domain: string,
  apiKey: string,
  add: () => Promise<void>,
): Promise<void> {
  // of a mirror, the key that it follows with stays
  if ((await mirrors.mirrorOf(domain)) !== null) return add();
  await keys.keep(domain, apiKey);
  try {
    await add();
  } catch (error) {
    if ((await mirrors.mirrorOf(domain)) === null) await keys.drop(domain);
    throw error;
  }
}

function otherDomain(domain: string, opened: string): SignpostError {
  return new SignpostError(
    "FORBIDDEN",
    `The API key opens ${opened} at the primary, and not ${domain}. Give a key of ${domain} (\`signpost key add ${domain} --scopes names:read,domain:admin\`, there).`,
    { name: domain, domain: opened },
  );
}
