/** What the gateway and DM3 users tell of themselves, as every XMPP client asks: none of it needs an event. */
import type { Element } from "ltx";
import type { NormalName } from "../ens/normalize.js";
import { normalizeName } from "../ens/normalize.js";
import { SignpostError } from "../errors.js";
import { localPartOfName } from "../messaging/address/virtualAddress.js";
import { GATEWAY_TITLE, titleOf, vCardOf } from "./contactName.js";
import { type Domains, jidOf } from "./jid.js";
import {
  DISCO_INFO_NS,
  DISCO_ITEMS_NS,
  DM3_NS,
  GATEWAY_NS,
  PING_NS,
  RECEIPTS_NS,
  REGISTER_NS,
  VCARD_NS,
  VERSION_NS,
} from "./namespaces.js";
import { attributeOf, xml } from "./xml.js";

/** The answer's child; null for an empty result, undefined for what is not answered here. */
type Answer = Element | null | undefined;

/** In characters: no name is longer, and normalizing takes time. */
const LONGEST_TYPED = 2_000;

const OF_ALL = [DISCO_INFO_NS, DISCO_ITEMS_NS, PING_NS, VCARD_NS, VERSION_NS];
const OF_GATEWAY = [...OF_ALL, DM3_NS, GATEWAY_NS, REGISTER_NS];
const OF_USER = [...OF_ALL, DM3_NS, RECEIPTS_NS];

/** @throws INVALID_NAME for a name typed by a user that is none */
export function discovered(
  type: string,
  query: Element,
  name: NormalName | null,
  domains: Domains,
): Answer {
  const xmlns = query.getNS() ?? "";
  if (type === "get") {
    switch (xmlns) {
      case PING_NS:
        return null;
      case DISCO_INFO_NS:
        return attributeOf(query, "node") === null ? info(name) : undefined;
      case DISCO_ITEMS_NS:
        return xml("query", { xmlns, node: attributeOf(query, "node") ?? undefined });
      case VCARD_NS:
        return vCardOf(name);
      case VERSION_NS:
        return xml("query", { xmlns }, xml("name", {}, "Signpost"), xml("version", {}, "DM3"));
    }
  }
  if (name === null && xmlns === GATEWAY_NS) return addressForm(type, query, domains);
  return undefined;
}

/** XEP-0030; categories and types are those of its registry. */
function info(name: NormalName | null): Element {
  const identity =
    name === null
      ? { category: "gateway", type: "dm3", name: GATEWAY_TITLE }
      : { category: "account", type: "registered", name: titleOf(name) };
  const features = (name === null ? OF_GATEWAY : OF_USER).map((feature) =>
    xml("feature", { var: feature }),
  );
  return xml("query", { xmlns: DISCO_INFO_NS }, xml("identity", identity), ...features);
}

/** XEP-0100, section 6.3: a person types a DM3 name, and gets its address. */
function addressForm(type: string, query: Element, domains: Domains): Answer {
  if (type === "get") {
    return xml(
      "query",
      { xmlns: GATEWAY_NS },
      xml("desc", {}, "Type the DM3 name of the person, such as alice.eth."),
      xml("prompt", {}, "DM3 name"),
    );
  }
  const typed = (query.getChildText("prompt", GATEWAY_NS) ?? "").slice(0, LONGEST_TYPED).trim();
  const name = normalizeName(typed);
  if (!localPartOfName(name, "xmpp").isReversible) {
    throw new SignpostError("INVALID_NAME", "This name is too long for an address of XMPP.", {
      name,
    });
  }
  return xml("query", { xmlns: GATEWAY_NS }, xml("jid", {}, jidOf(name, domains)));
}
