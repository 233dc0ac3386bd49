import type { XmlElement } from "./xmlElement.js";

/**
 * What stands inside of a message that is encrypted by XMPP's own means, in the element around it: `<payload/>` in XEP-0373 and XEP-0420.
 * Null where it is not encrypted, or can never be opened. Where it rejects, the message is asked for again later.
 */
export type OpenNative = (message: XmlElement) => Promise<XmlElement | null>;
