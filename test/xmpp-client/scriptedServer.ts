/**
 * Stands for what is outside of the client: an XMPP server that has the account bob@chat.example, and the messaging gateway
 * dm3.chat.example. It does what prosody and ejabberd were seen to do, as far as a test says so; whether they do is the matter of
 * test/xmpp, where both run.
 */
import { createHash } from "node:crypto";
import type { XmlElement, XmppConnection, XmppListener } from "../../src/sdk/xmppNode.js";

export const ACCOUNT = "bob@chat.example";
export const GATEWAY = "dm3.chat.example";
export const ALICE = `alice.eth@${GATEWAY}`;
const DM3 = "urn:dm3:xmpp:1";

export const xml = (
  name: string,
  attrs: Record<string, string | undefined>,
  ...children: (XmlElement | string)[]
): XmlElement => ({ name, attrs, children });

export const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");

const childIn = (of: XmlElement, name: string) =>
  of.children.find(
    (child): child is XmlElement => typeof child !== "string" && child.name === name,
  );

export const textIn = ({ children: [text] }: XmlElement) => (typeof text === "string" ? text : "");

/** As the gateway delivers it. */
export function delivery(envelope: string, more: Record<string, string> = {}): XmlElement {
  const hash = sha256(envelope);
  return xml(
    "message",
    { type: "chat", from: ALICE, to: ACCOUNT, id: `7-${hash}`, ...more },
    xml("body", {}, "alice.eth sent you an encrypted message. Open it with an app for DM3."),
    xml("envelope", { xmlns: DM3, hash, number: "7" }, envelope),
    xml("store", { xmlns: "urn:xmpp:hints" }),
  );
}

const forwarded = (message: XmlElement) =>
  xml(
    "forwarded",
    { xmlns: "urn:xmpp:forward:0" },
    xml("delay", { xmlns: "urn:xmpp:delay", stamp: "2026-01-01T00:00:00Z" }),
    { ...message, attrs: { ...message.attrs, xmlns: "jabber:client" } },
  );

export function carbon(message: XmlElement, from: string = ACCOUNT): XmlElement {
  const received = xml("received", { xmlns: "urn:xmpp:carbons:2" }, forwarded(message));
  return xml("message", { type: "chat", from, to: `${ACCOUNT}/phone` }, received);
}

export interface Submitted {
  readonly to: string;
  readonly id: string;
  readonly hash: string;
  readonly envelope: string;
}

export class ScriptedServer {
  readonly sent: XmlElement[] = [];
  readonly archive: { id: string; message: XmlElement }[] = [];
  /** What the gateway answers to a submission; nothing by itself. */
  onSubmit: (submitted: Submitted) => void = (submitted) => {
    this.accept(submitted);
  };
  /** Whether an answer is given to a question with this payload. */
  answers: (payload: XmlElement) => boolean = () => true;
  /** The times of all links, also of those that it refused. */
  asked: number[] = [];
  /** The lowest time that a link has to have, Unix seconds. */
  notBefore: () => number = () => 0;
  links: { readonly name: string; readonly signedAtSec: number }[] = [];
  greeting: Record<string, string> = {
    "relay-node": "ds.example.eth",
    name: "bob.eth",
    "size-limit": "100000",
  };
  #listeners = new Set<XmppListener>();
  #isOnline = true;
  /** Of the archive: entries of a page. */
  pageSize = 2;

  readonly connection: XmppConnection = {
    isOnline: () => this.#isOnline,
    send: (stanza) => {
      if (!this.#isOnline) return Promise.reject(new Error("not connected"));
      this.sent.push(stanza);
      // as over a network: never within the call
      setImmediate(() => {
        this.#handle(stanza);
      });
      return Promise.resolve();
    },
    listen: (listener) => {
      this.#listeners.add(listener);
      return () => this.#listeners.delete(listener);
    },
  };

  push(stanza: XmlElement): void {
    for (const { stanza: heard } of [...this.#listeners]) heard(stanza);
  }

  setOnline(isOnline: boolean): void {
    this.#isOnline = isOnline;
    for (const { online, offline } of [...this.#listeners]) (isOnline ? online : offline)();
  }

  accept({ to, id, hash }: Pick<Submitted, "to" | "id" | "hash">): void {
    const accepted = xml("accepted", { xmlns: DM3, hash });
    this.push(xml("message", { type: "normal", from: to, to: `${ACCOUNT}/phone`, id }, accepted));
  }

  /** An error of a server, or one of the gateway where it has a code. */
  refuse(
    { to, id, hash, envelope }: Submitted,
    condition: string,
    code?: string,
    from: string = to,
  ): void {
    const error = xml(
      "error",
      { type: "cancel" },
      xml(condition, { xmlns: "urn:ietf:params:xml:ns:xmpp-stanzas" }),
      ...(code === undefined ? [] : [xml("refused", { xmlns: DM3, code })]),
    );
    const submit = xml("submit", { xmlns: DM3, hash }, envelope);
    this.push(xml("message", { type: "error", from, to: ACCOUNT, id }, submit, error));
  }

  fail({ to, hash }: Pick<Submitted, "to" | "hash">, reason: string): void {
    const failed = xml("failed", { xmlns: DM3, hash, reason }, "A sentence of the gateway.");
    this.push(xml("message", { type: "chat", from: to, to: ACCOUNT, id: `end-${hash}` }, failed));
  }

  submissions(): readonly Submitted[] {
    return this.sent.flatMap((stanza) => submittedIn(stanza) ?? []);
  }

  /** `accepted` or `noted`, by hash. */
  told(name: "accepted" | "noted"): readonly { readonly to: string; readonly hash: string }[] {
    return this.sent.flatMap((stanza) => {
      const child = childIn(stanza, name);
      const { hash } = child?.attrs ?? {};
      return hash === undefined ? [] : [{ to: stanza.attrs["to"] ?? "", hash }];
    });
  }

  /** In the order in which they were sent: `enable`, `presence`, `gateway`, `link`, `subscribe`, `query`. */
  order(): readonly string[] {
    return this.sent.flatMap((stanza) => {
      if (stanza.name === "presence") return [stanza.attrs["type"] ?? "presence"];
      const [payload] = stanza.children;
      return stanza.name === "iq" && typeof payload === "object" ? [payload.name] : [];
    });
  }

  #handle(stanza: XmlElement): void {
    const submitted = submittedIn(stanza);
    if (submitted !== null) {
      this.onSubmit(submitted);
      return;
    }
    const [payload] = stanza.children;
    if (stanza.name !== "iq" || typeof payload !== "object" || !this.answers(payload)) return;
    const { id, to } = stanza.attrs;
    const answer = (...children: XmlElement[]) => {
      this.push(xml("iq", { type: "result", id, ...(to && { from: to }) }, ...children));
    };
    if (payload.name === "enable") answer();
    if (payload.name === "gateway") answer(xml("gateway", { xmlns: DM3, ...this.greeting }));
    if (payload.name === "link") {
      const told = JSON.parse(textIn(payload)) as (typeof this.links)[number];
      this.asked.push(told.signedAtSec);
      if (told.signedAtSec < this.notBefore()) {
        this.push(this.#outdated({ id, to }));
        return;
      }
      this.links.push(told);
      answer(xml("link", { xmlns: DM3, name: told.name }));
    }
    if (payload.name === "query") answer(this.#page(payload));
  }

  #outdated({ id, to }: { readonly id?: string | undefined; readonly to?: string | undefined }) {
    const error = xml(
      "error",
      { type: "modify" },
      xml("not-acceptable", { xmlns: "urn:ietf:params:xml:ns:xmpp-stanzas" }),
      xml("refused", { xmlns: DM3, code: "LINK_OUTDATED", "not-before": `${this.notBefore()}` }),
    );
    return xml("iq", { type: "error", id, from: to }, error);
  }

  #page(query: XmlElement): XmlElement {
    const set = childIn(query, "set");
    const after = set && childIn(set, "after")?.children[0];
    const start = after === undefined ? 0 : 1 + this.archive.findIndex(({ id }) => id === after);
    const page = this.archive.slice(start, start + this.pageSize);
    const { queryid } = query.attrs;
    for (const { id, message } of page) {
      const result = xml("result", { xmlns: "urn:xmpp:mam:2", queryid, id }, forwarded(message));
      this.push(xml("message", { from: ACCOUNT, to: `${ACCOUNT}/phone` }, result));
    }
    const complete = start + page.length >= this.archive.length ? "true" : undefined;
    const last = page.at(-1)?.id;
    return xml(
      "fin",
      { xmlns: "urn:xmpp:mam:2", complete },
      xml(
        "set",
        { xmlns: "http://jabber.org/protocol/rsm" },
        ...(last === undefined ? [] : [xml("last", {}, last)]),
      ),
    );
  }
}

function submittedIn(stanza: XmlElement): Submitted | null {
  const submit = childIn(stanza, "submit");
  const { hash = "" } = submit?.attrs ?? {};
  const { to = "", id = "" } = stanza.attrs;
  return submit === undefined ? null : { to, id, hash, envelope: textIn(submit) };
}
