/** Secrets at rest, for a command beside the service: the operator's keys are opened only when a secret is kept or opened. */
import type { Pool } from "../../../db/pool.js";
import { openSealing, openSealingToLook, type Sealing } from "../../../installation/openSealing.js";
import type { Secrets } from "../../../sealing/secrets.js";
import { sealingSettings } from "../../../settings/sealingSettings.js";
import { readSettings } from "../../../settings/settingsPart.js";

/** What a command does: one that only looks makes no table and no key. */
export type Purpose = "change" | "look";

const NONE_HERE =
  "There is no such secret in this database, and a command that only looks makes none.";

export function secretsOnDemand(
  pool: Pool,
  purpose: Purpose,
): {
  readonly secrets: Secrets;
  readonly close: () => Promise<void>;
} {
  let opening: Promise<Pick<Sealing, "secrets" | "close">> | undefined;
  const open = () => {
    const locations = readSettings([sealingSettings], process.env)(sealingSettings);
    return (opening ??=
      purpose === "look"
        ? openSealingToLook(pool, locations, NONE_HERE)
        : openSealing(pool, locations));
  };
  return {
    secrets: {
      write: async (...args) => (await open()).secrets.write(...args),
      read: async (...args) => (await open()).secrets.read(...args),
      check: async () => (await open()).secrets.check(),
    },
    close: async () => {
      (await opening?.catch(() => undefined))?.close();
    },
  };
}
