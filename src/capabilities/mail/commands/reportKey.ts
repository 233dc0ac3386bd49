/** `signpost mail report-key`: the OpenPGP key that signs the bridge's reports; `--renew` makes another one. */
import { openMailKey } from "../../../codecs/openpgp-mime/keys/mailKey.js";
import { bridgeTables } from "../../../db/messaging/bridgeTables.js";
import type { OwnKeyStore } from "../../../db/messaging/ownKeyStore.js";
import { assertMigrated, migrate } from "../../../db/migrate.js";
import { readMigrations } from "../../../db/migrationFiles.js";
import { encodeBase64 } from "../../../dm3/base64.js";
import { withInstallationPool } from "../../../installation/installationPool.js";
import { openSealing, openSealingToLook } from "../../../installation/openSealing.js";
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
  const renew = flags.renew === true;
  const { fingerprint, certificate } = await withOwnKey(domain, renew, async (store) => {
    if (renew) await store.renew();
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
    ...(renew ? ["The service uses it within a minute."] : []),
  ]);
}

const NO_KEY =
  "The bridge has made no such key on this database yet. It makes one with its first report, and `--renew` makes one now; without that, this command changes nothing.";

/** Brings the tables up to date first where it `changes` something, and only looks otherwise. Throws as `withInstallationPool`. */
function withOwnKey<T>(
  mailDomain: string,
  changes: boolean,
  work: (store: OwnKeyStore) => Promise<T>,
): Promise<T> {
  return withInstallationPool(async (pool) => {
    const locations = readSettings([sealingSettings], process.env)(sealingSettings);
    const tables = { capability: MAIL, migrations: await readMigrations(MAIL_MIGRATIONS) };
    const looked = changes ? null : await assertMigrated(pool, tables);
    const { secrets, close } = changes
      ? await openSealing(pool, locations)
      : await openSealingToLook(pool, locations, NO_KEY);
    try {
      const { schema } = looked ?? (await migrate(pool, tables));
      return await work(ownMailKey({ pool, tables: bridgeTables(schema), secrets, mailDomain }));
    } finally {
      close();
    }
  });
}
