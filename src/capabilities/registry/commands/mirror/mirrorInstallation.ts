/** Commands beside the service, on the mirrors of this installation. */
import { domainStore } from "../../../../db/domainStore.js";
import { type MirrorKeys, mirrorKeys } from "../../../../db/mirror/mirrorKeys.js";
import { mirrorStore } from "../../../../db/mirror/mirrorStore.js";
import { nameStore } from "../../../../db/nameStore.js";
import { importStore } from "../../../../db/transfer/importStore.js";
import type { WhereNone } from "../../../../installation/database.js";
import { withInstallationPool } from "../../../../installation/installationPool.js";
import type { Mirror } from "../../../../mirror/mirror.js";
import type { MirrorStore } from "../../../../mirror/mirrorStore.js";
import { noMirror } from "../../../../mirror/noMirror.js";
import { noPause } from "../../../../registry/changes/clock.js";
import type { ContractWallets } from "../../../../registry/signed/contractWallets.js";
import type { RegistryStores } from "../../../../registry/store.js";
import type { ImportStore } from "../../../../transfer/importPort.js";
import { mirrorKeyMigrations } from "../../migrations.js";
import type { MirrorSurroundings } from "../../mirror/mirrorParts.js";
import { assertUpToDate, upToDate } from "../installation.js";
import { type Purpose, secretsOnDemand } from "../secretsOnDemand.js";

export interface MirrorInstallation {
  readonly registry: RegistryStores;
  readonly imports: ImportStore;
  readonly mirrors: MirrorStore;
  readonly keys: MirrorKeys;
  readonly surroundings: (contractWallets: ContractWallets) => MirrorSurroundings;
}

/** Runs `work` on this installation's mirrors, with tables brought up to date. Throws as `withInstallationPool`. */
export function withMirrors<T>(
  work: (installation: MirrorInstallation) => Promise<T>,
  whereNone: WhereNone = "refuse",
): Promise<T> {
  return inMirrors("change", work, whereNone);
}

/** For a command that only looks: it changes nothing, not even the tables. */
export function lookIntoMirrors<T>(
  work: (installation: MirrorInstallation) => Promise<T>,
): Promise<T> {
  return inMirrors("look", work, "refuse");
}

function inMirrors<T>(
  purpose: Purpose,
  work: (installation: MirrorInstallation) => Promise<T>,
  whereNone: WhereNone,
): Promise<T> {
  return withInstallationPool(async (pool) => {
    await (purpose === "look" ? assertUpToDate(pool) : upToDate(pool));
    const { secrets, close } = secretsOnDemand(pool, purpose);
    try {
      return await work({
        registry: { names: nameStore(pool), domains: domainStore(pool) },
        imports: importStore(pool),
        mirrors: mirrorStore(pool),
        keys: mirrorKeys(pool, secrets, mirrorKeyMigrations),
        surroundings: (contractWallets) => ({
          ...{ pool, contractWallets },
          nowMs: Date.now,
          pause: noPause,
        }),
      });
    } finally {
      await close();
    }
  }, whereNone);
}

/** Throws NOT_FOUND where the domain is no mirror. */
export async function mirrorBehind(
  { mirrors }: Pick<MirrorInstallation, "mirrors">,
  domain: string,
): Promise<Mirror> {
  const mirror = await mirrors.mirrorOf(domain);
  if (mirror !== null) return mirror;
  throw await noMirror(mirrors, domain);
}
