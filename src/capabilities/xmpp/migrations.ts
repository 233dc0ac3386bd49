/** The gateway's tables, as this version wants them. */

export const XMPP = "xmpp";

/** Beside this file, in the sources as well as in the build (scripts/copy-sql.mjs puts them there). */
export const XMPP_MIGRATIONS = new URL("migrations/", import.meta.url);
