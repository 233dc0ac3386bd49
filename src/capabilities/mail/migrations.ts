/** The bridge's tables, as this version wants them. */
import { ownSecretOf, walletSecretOf } from "../../db/messaging/bridgeTables.js";

export const MAIL = "mail";

/** Beside this file, in the sources as well as in the build (scripts/copy-sql.mjs puts them there). */
export const MAIL_MIGRATIONS = new URL("migrations/", import.meta.url);

export const WALLET_SECRET = walletSecretOf(MAIL);
export const OWN_SECRET = ownSecretOf(MAIL);
