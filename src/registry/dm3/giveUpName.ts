/** A wallet gives up the name that it chose through dm3's API, by the key of the profile that it shows. */
import { assertTextSignedBy } from "../../dm3/keys/ed25519.js";
import { namehash } from "../../ens/namehash.js";
import { normalizeName } from "../../ens/normalize.js";
import { SignpostError } from "../../errors.js";
import { changeTogether } from "../changes/changeName.js";
import type { Clock } from "../changes/clock.js";
import type { HistoryEntry } from "../history/historyEntry.js";
import { ownerOf, walletOfLabel } from "../names/nameOwner.js";
import { noSuchName } from "../names/nameRefusals.js";
import type { VersionedName } from "../names/storedName.js";
import type { NameStore, RegistryStores } from "../store.js";
import type { Dm3Domains } from "./dm3Domains.js";
import { noProfileFor, profileShownBy, profileUnder, unchanged } from "./shownProfile.js";

const ENTRIES_AT_ONCE = 100;

export interface NameRemoval {
  /** As it was signed. */
  readonly dm3Name: string;
  /** Base64, of `remove: <dm3Name>`. */
  readonly signature: string;
}

/**
 * @throws INVALID_NAME, NOT_FOUND when there is no such name, or its wallet shows no profile, WRONG_SIGNER,
 *   SUPERSEDED_PROFILE when the signature may have been used before, and what else refuses a deletion
 */
export async function giveUpName(
  registry: RegistryStores,
  domains: Dm3Domains,
  { dm3Name, signature }: NameRemoval,
  nowMs: Clock,
): Promise<void> {
  const name = normalizeName(dm3Name);
  const stored = await registry.names.nameOf(namehash(name));
  const wallet = stored && ownerOf(stored);
  if (!wallet || stored.domain !== domains.names || walletOfLabel(name)) throw noSuchName(name);
  const shown = await profileShownBy(registry.names, domains, wallet);
  if (!shown) throw noProfileFor(name);
  // by the name's own profile, where it does not follow: the key of an older one may be a thief's
  const { profile } = profileUnder(stored) ?? shown.signed;
  assertTextSignedBy(profile.publicSigningKey, `remove: ${dm3Name}`, signature);
  await assertNotGivenUpBefore(registry.names, stored);
  const change = {
    domain: stored.domain,
    name,
    actions: [{ kind: "delete" } as const],
    authority: shown.authority,
    expected: { kind: "version", version: stored.version } as const,
  };
  await changeTogether(registry, [unchanged(shown), change], nowMs);
}

/** Ed25519 is deterministic: a second removal has the same signature as the first, which anyone may have kept. */
async function assertNotGivenUpBefore(
  names: Pick<NameStore, "historyOf">,
  { node, name }: VersionedName,
): Promise<void> {
  let after = 0;
  for (;;) {
    const entries = await names.historyOf(node, after, ENTRIES_AT_ONCE);
    if (entries.some(({ entry }) => isRemovalByDm3(entry))) {
      throw new SignpostError(
        "SUPERSEDED_PROFILE",
        `The name ${name} was deleted through dm3's API before, and this may be the signature of that time. Delete the name with a signed request of Signpost (POST /v1/requests).`,
        { name },
      );
    }
    const last = entries.at(-1);
    if (!last) return;
    after = last.entry.number;
  }
}

function isRemovalByDm3({ authority, operation }: HistoryEntry): boolean {
  return authority.kind === "dm3" && operation === "delete";
}
