/** How a DM3 user, or the gateway, is shown to the server's users. */
import type { Element } from "ltx";
import type { NormalName } from "../ens/normalize.js";
import { NICK_NS, VCARD_NS } from "./namespaces.js";
import { xml } from "./xml.js";

export const GATEWAY_TITLE = "DM3";

export function titleOf(name: NormalName | null): string {
  return name ?? GATEWAY_TITLE;
}

/** The name in every place where some client looks: many show neither nicks nor what the address encodes. */
export function presenceOf(
  from: string,
  to: string,
  name: NormalName | null,
  type?: "unavailable" | "subscribed",
): Element {
  const title = titleOf(name);
  const nick = xml("nick", { xmlns: NICK_NS }, title);
  if (type === "unavailable") return xml("presence", { from, to, type });
  return xml("presence", { from, to, type }, xml("status", {}, title), nick);
}

/** XEP-0054. */
export function vCardOf(name: NormalName | null): Element {
  const title = titleOf(name);
  return xml(
    "vCard",
    { xmlns: VCARD_NS },
    xml("FN", {}, title),
    xml("NICKNAME", {}, title),
    xml("DESC", {}, name === null ? "The gateway to DM3" : `${name}, a DM3 user`),
  );
}
