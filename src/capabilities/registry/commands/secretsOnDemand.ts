/** Secrets at rest, for a command beside the service: the operator's keys are opened only when a secret is kept or opened. */
import type { Pool } from "../../../db/pool.js";
import { openSealing, type Sealing } from "../../../installation/openSealing.js";
import type { Secrets } from "../../../sealing/secrets.js";
import { sealingSettings } from "../../../settings/sealingSettings.js";
import { readSettings } from "../../../settings/settingsPart.js";

export function secretsOnDemand(pool: Pool): {
  readonly secrets: Secrets;
  readonly close: () => Promise<void>;
} {
  let opening: Promise<Sealing> | undefined;
  const open = () =>
    (opening ??= openSealing(pool, readSettings([sealingSettings], process.env)(sealingSettings)));
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
