/** What is asked of an XMPP library: a connection that sends and receives stanzas. Logging in stays the app's own. */
import type { XmlElement } from "./xmlElement.js";

export interface XmppConnection {
  /** Whether the server has bound a resource, so that stanzas can be sent. */
  isOnline(): boolean;
  /** Rejects where it could not be written. Nothing is known of its arrival otherwise. */
  send(stanza: XmlElement): Promise<void>;
  /** Returns what ends it. Listeners return at once and never throw. */
  listen(listener: XmppListener): () => void;
}

export interface XmppListener {
  /** Each stanza that comes, answers to the app's own questions included. */
  readonly stanza: (stanza: XmlElement) => void;
  readonly online: () => void;
  readonly offline: () => void;
}
