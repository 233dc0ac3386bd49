/** `@xmpp/client` (xmpp.js) as a connection. By its form alone: the SDK depends on no XMPP library. */
import type { XmppConnection } from "./connection.js";
import type { XmlElement } from "./xmlElement.js";

/** An element of ltx, which `@xmpp/client` has. */
export interface XmppJsElement {
  getName(): string;
  getNS(): string | undefined;
  readonly attrs: Readonly<Record<string, unknown>>;
  readonly children: readonly unknown[];
}

/** What `client()` of `@xmpp/client` returns. */
export interface XmppJsClient {
  readonly status: string;
  // the methods of EventEmitter, as every version of its types has them
  /* eslint-disable @typescript-eslint/no-explicit-any */
  on(event: any, listener: (...args: any[]) => void): unknown;
  removeListener(event: any, listener: (...args: any[]) => void): unknown;
  send(element: any): Promise<unknown>;
  /** An EventEmitter as well, which its types do not say. */
  readonly streamManagement?: unknown;
}

/** `xml` of `@xmpp/client`. */
export type XmppJsXml = (name: string, attrs: any, ...children: any[]) => any;
/* eslint-enable @typescript-eslint/no-explicit-any */

/** What a stanza may have inside one another: deeper ones are no stanza of anybody here. */
const DEEPEST = 20;

/** The app starts and stops the client itself, and listens for its `error`. */
export function xmppClientConnection(client: XmppJsClient, xml: XmppJsXml): XmppConnection {
  const toLtx = ({ name, attrs, children }: XmlElement): unknown =>
    xml(
      name,
      attrs,
      ...children.map((child) => (typeof child === "string" ? child : toLtx(child))),
    );
  return {
    isOnline: () => client.status === "online",
    async send(stanza) {
      await client.send(toLtx(stanza));
    },
    listen(listener) {
      const stanza = (given: XmppJsElement) => {
        const read = fromLtx(given, undefined, DEEPEST);
        if (read !== null) listener.stanza(read);
      };
      const { online, offline } = listener;
      const heard = [
        [client, "stanza", stanza],
        [client, "online", online],
        [client, "disconnect", offline],
        [client, "offline", offline],
        // a stream that went on is not told as online
        [emitterOf(client.streamManagement), "resumed", online],
      ] as const;
      for (const [of, event, listen] of heard) of?.on(event, listen);
      return () => {
        for (const [of, event, listen] of heard) of?.removeListener(event, listen);
      };
    },
  };
}

/** An element of xmpp.js, or of ltx, as the SDK takes elements: for `openNative`. Null where it is nested too deeply to be anything for DM3. */
export function xmppClientElement(given: XmppJsElement): XmlElement | null {
  return fromLtx(given, undefined, DEEPEST);
}

function emitterOf(given: unknown): Pick<XmppJsClient, "on" | "removeListener"> | null {
  const isEmitter = typeof given === "object" && given !== null && "removeListener" in given;
  return isEmitter ? (given as XmppJsClient) : null;
}

/** Null where it is nested too deeply. */
function fromLtx(
  given: XmppJsElement,
  outer: string | undefined,
  depth: number,
): XmlElement | null {
  if (depth === 0) return null;
  const namespace = given.getNS();
  const attrs: Record<string, string> = {};
  for (const [name, value] of Object.entries(given.attrs)) {
    if (value === undefined || value === null || /^xmlns(?::|$)/.test(name)) continue;
    attrs[name] = typeof value === "string" ? value : JSON.stringify(value);
  }
  if (namespace !== undefined && namespace !== outer) attrs["xmlns"] = namespace;
  const children: (XmlElement | string)[] = [];
  for (const child of given.children) {
    const read = isElement(child) ? fromLtx(child, namespace, depth - 1) : String(child);
    if (read === null) return null;
    children.push(read);
  }
  return { name: given.getName(), attrs, children };
}

function isElement(child: unknown): child is XmppJsElement {
  return typeof child === "object" && child !== null && "getName" in child;
}
