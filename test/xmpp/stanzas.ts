/** What a user's app sends, and what it reads of an answer. */
import type { Element } from "ltx";
import { DM3_NS, STANZA_ERRORS_NS } from "../../src/xmpp/namespaces.js";
import { xml } from "../../src/xmpp/xml.js";
import { sha256Of } from "./gatewayScene.js";

export const SUBMITTED = '{"to":"alice.eth","encryptedMessage":"<&\'","encryptionEnvelops":[]}';

export const submitStanza = (to: string, id: string, text = SUBMITTED, hash = sha256Of(text)) =>
  xml("message", { type: "chat", to, id }, xml("submit", { xmlns: DM3_NS, hash }, text));

/** `CODE type/condition` */
export function told(stanza: Element): string {
  const error = stanza.getChild("error")!;
  const condition = error.getChildElements().find((one) => one.getNS() === STANZA_ERRORS_NS)!;
  const code = String(error.getChild("refused", DM3_NS)?.attrs["code"]);
  return `${code} ${String(error.attrs["type"])}/${condition.getName()}`;
}
