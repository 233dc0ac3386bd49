/** `signpost mail report-key`: the OpenPGP key that signs the bridge's reports; `--renew` makes another one. */
import { openMailKey } from "../../../codecs/openpgp-mime/keys/mailKey.js";
import { bridgeTables } from "../../../db/messaging/bridgeTables.js";
import type { OwnKeyStore } from "../../../db/messaging/ownKeyStore.js";
import { migrate } from "../../../db/migrate.js";
import { readMigrations } from "../../../db/migrationFiles.js";
import { encodeBase64 } from "../../../dm3/base64.js";
import { withInstallationPool } from "../../../installation/installationPool.js";
import { openSealing } from "../../../installation/openSealing.js";
import { MAILER_DAEMON } from "../../../messaging/address/bridgeItself.js";
import { sealingSettings } from "../../../settings/sealingSettings.js";
import { readSettings } from "../../../settings/settingsPart.js";
import { print } from "../../../terminal/print.js";
import { MAIL, MAIL_MIGRATIONS } from "../migrations.js";
import { ownMailKey } from "../ownMailKey.js";
import { bridgeIn, mailSettings } from "../settings.js";

interface ReportKeyFlags {
  readonly json?: true;
  readonly renew?: true;
}

/** Throws INVALID_CONFIGURATION, DATABASE_UNAVAILABLE, SECRET_UNREADABLE. */
export async function reportKey(flags: ReportKeyFlags): Promise<void> {
  const { domain } = bridgeIn(readSettings([mailSettings], process.env)(mailSettings));
  const { fingerprint, certificate } = await withOwnKey(domain, async (store) => {
    // the first one, where there was none
    (await store.newest()).fill(0);
    if (flags.renew === true) await store.renew();
    const privateKey = await store.newest();
    try {
      return await openMailKey(privateKey);
    } finally {
      privateKey.fill(0);
    }
  });
  const address = `${MAILER_DAEMON}@${domain}`;
  print(flags, { address, fingerprint, certificate: encodeBase64(certificate) }, [
    `Reports of ${address} are signed by the OpenPGP key ${fingerprint}.`,
    ...(flags.renew === true ? ["The service uses it within a minute."] : []),
  ]);
}

/** Brings the tables up to date first. Throws as `withInstallationPool`. */
function withOwnKey<T>(mailDomain: string, work: (store: OwnKeyStore) => Promise<T>): Promise<T> {
  return withInstallationPool(async (pool) => {
    const locations = readSettings([sealingSettings], process.env)(sealingSettings);
    const sealing = await openSealing(pool, locations);
    try {
      const migrations = await readMigrations(MAIL_MIGRATIONS);
      const { schema } = await migrate(pool, { capability: MAIL, migrations });
      const { secrets } = sealing;
      return await work(ownMailKey({ pool, tables: bridgeTables(schema), secrets, mailDomain }));
    } finally {
      sealing.close();
    }
  });
}
