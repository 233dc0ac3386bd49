/** Names of XML that the gateway knows; each with its standard. */

/** Ours: docs/xmpp-wire.md. */
export const DM3_NS = "urn:dm3:xmpp:1";
/** XEP-0114, section 3. */
export const COMPONENT_NS = "jabber:component:accept";
/** RFC 6120, section 4.8.1. */
export const STREAM_NS = "http://etherx.jabber.org/streams";
/** RFC 6120, section 4.9. */
export const STREAM_ERRORS_NS = "urn:ietf:params:xml:ns:xmpp-streams";
/** RFC 6120, section 8.3. */
export const STANZA_ERRORS_NS = "urn:ietf:params:xml:ns:xmpp-stanzas";
/** XEP-0199. */
export const PING_NS = "urn:xmpp:ping";
/** XEP-0334. */
export const HINTS_NS = "urn:xmpp:hints";
/** XEP-0184. */
export const RECEIPTS_NS = "urn:xmpp:receipts";
/** XEP-0030. */
export const DISCO_INFO_NS = "http://jabber.org/protocol/disco#info";
export const DISCO_ITEMS_NS = "http://jabber.org/protocol/disco#items";
/** XEP-0054. */
export const VCARD_NS = "vcard-temp";
/** XEP-0092. */
export const VERSION_NS = "jabber:iq:version";
/** XEP-0100, section 6.3. */
export const GATEWAY_NS = "jabber:iq:gateway";
/** XEP-0077. */
export const REGISTER_NS = "jabber:iq:register";
/** XEP-0172. */
export const NICK_NS = "http://jabber.org/protocol/nick";
