/** The OpenPGP key of the bridge itself: it signs reports to mail users, and opens nothing that the bridge carries. */
import { readings } from "../../accounts/readings.js";
import { makeMailKey, openMailKey } from "../../codecs/openpgp-mime/keys/mailKey.js";
import type { BridgeTables } from "../../db/messaging/bridgeTables.js";
import { type OwnKeyStore, ownKeyStore } from "../../db/messaging/ownKeyStore.js";
import type { Pool } from "../../db/pool.js";
import { MAILER_DAEMON } from "../../messaging/address/bridgeItself.js";
import type { Secrets } from "../../sealing/secrets.js";
import { OWN_SECRET } from "./migrations.js";

interface OwnKeyPlace {
  readonly pool: Pool;
  readonly tables: BridgeTables;
  readonly secrets: Secrets;
  /** Of the address that the key is for. */
  readonly mailDomain: string;
}

/** Asked for without a limit by network, so it is read once for many. */
const REMEMBERED_MS = 60_000;

export function ownMailKey({ pool, tables, secrets, mailDomain }: OwnKeyPlace): OwnKeyStore {
  return ownKeyStore(pool, tables, secrets, OWN_SECRET, async () => {
    const address = `${MAILER_DAEMON}@${mailDomain}`;
    return (await makeMailKey({ address })).privateKey;
  });
}

/** What others see of it, binary; at most a minute old. */
export function ownCertificate(
  { newest }: Pick<OwnKeyStore, "newest">,
  nowMs: () => number,
): () => Promise<Uint8Array> {
  const known = readings<"own", Uint8Array>(
    async () => {
      const privateKey = await newest();
      try {
        return (await openMailKey(privateKey)).certificate;
      } finally {
        privateKey.fill(0);
      }
    },
    { nowMs, most: 1 },
  );
  return () => known.notOlderThan(REMEMBERED_MS, "own");
}
