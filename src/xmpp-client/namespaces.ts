/** The namespaces of what an app for DM3 says and hears. */

/** docs/xmpp-wire.md */
export const DM3 = "urn:dm3:xmpp:1";
export const CLIENT = "jabber:client";
export const STANZA_ERRORS = "urn:ietf:params:xml:ns:xmpp-stanzas";
/** XEP-0280 */
export const CARBONS = "urn:xmpp:carbons:2";
/** XEP-0297 */
export const FORWARD = "urn:xmpp:forward:0";
/** XEP-0313 */
export const ARCHIVE = "urn:xmpp:mam:2";
/** XEP-0059 */
export const RESULT_SET = "http://jabber.org/protocol/rsm";
/** XEP-0004 */
export const DATA_FORM = "jabber:x:data";
/** XEP-0334 */
export const HINTS = "urn:xmpp:hints";
/** XEP-0359 */
export const STANZA_IDS = "urn:xmpp:sid:0";
