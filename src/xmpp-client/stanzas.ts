/** What an app for DM3 says to its server and to the gateway, as docs/xmpp-wire.md has it. */
import { ARCHIVE, CARBONS, DATA_FORM, DM3, HINTS, RESULT_SET } from "./namespaces.js";
import { element, type XmlElement } from "./xmlElement.js";

export interface Question {
  readonly type: "get" | "set";
  /** Null: the user's own account. */
  readonly to: string | null;
  readonly payload: XmlElement;
}

export const askGreeting = (gateway: string): Question => ({
  ...{ type: "get", to: gateway },
  payload: element("gateway", { xmlns: DM3 }),
});

/** @param json of an AddressLink */
export const tellLink = (gateway: string, json: string): Question => ({
  ...{ type: "set", to: gateway },
  payload: element("link", { xmlns: DM3 }, json),
});

export const ENABLE_CARBONS: Question = {
  ...{ type: "set", to: null },
  payload: element("enable", { xmlns: CARBONS }),
};

/** Where a page of the archive begins: behind an entry, or at a time. */
export type ArchivePlace = { readonly after: string } | { readonly startMs: number };

export function askArchive(queryid: string, place: ArchivePlace, most: number): Question {
  const field = (name: string, value: string, type?: string) =>
    element("field", { var: name, type }, element("value", {}, value));
  const form =
    "after" in place
      ? []
      : [
          element(
            "x",
            { xmlns: DATA_FORM, type: "submit" },
            field("FORM_TYPE", ARCHIVE, "hidden"),
            field("start", new Date(place.startMs).toISOString()),
          ),
        ];
  const after = "after" in place ? [element("after", {}, place.after)] : [];
  const set = element("set", { xmlns: RESULT_SET }, element("max", {}, String(most)), ...after);
  return {
    ...{ type: "set", to: null },
    payload: element("query", { xmlns: ARCHIVE, queryid }, ...form, set),
  };
}

/** An envelope on its way out: the same stanza each time. */
export function submitStanza(to: string, hash: string, envelope: string): XmlElement {
  return element(
    "message",
    { type: "chat", to, id: submitId(hash) },
    element("submit", { xmlns: DM3, hash }, envelope),
    ...FOR_NOBODY_ELSE,
  );
}

export const submitId = (hash: string) => `submit-${hash}`;

/** The app keeps the message in this envelope. */
export function acceptedStanza(to: string, hash: string, number: string | undefined): XmlElement {
  const accepted = element("accepted", { xmlns: DM3, hash, number });
  return element(
    "message",
    { type: "normal", to, id: `accepted-${hash}` },
    accepted,
    ...FOR_NOBODY_ELSE,
  );
}

/** The app knows that this submission failed. */
export function notedStanza(to: string, hash: string): XmlElement {
  const noted = element("noted", { xmlns: DM3, hash });
  return element("message", { type: "normal", to, id: `noted-${hash}` }, noted, ...FOR_NOBODY_ELSE);
}

const FOR_NOBODY_ELSE = [
  element("no-store", { xmlns: HINTS }),
  element("no-copy", { xmlns: HINTS }),
];

/** To be told of by the server (RFC 6121, section 3.1); said again it changes nothing. */
export function subscribeStanza(address: string): XmlElement {
  return element("presence", { type: "subscribe", to: address });
}
