/** IQs from the server: every question is answered, what is unknown with service-unavailable (RFC 6120, section 8.4). */
import type { Element } from "ltx";
import type { NetworkEvents } from "../messaging/network.js";
import { discovered } from "./discovery.js";
import type { Sender } from "./jid.js";
import { LINK_QUESTIONS } from "./linkQuestions.js";
import { DM3_NS, REGISTER_NS } from "./namespaces.js";
import { inItsTurn, NOBODY, otherDomain, type Received, type Reception } from "./reception.js";
import { answerTo, errorAnswer, type Refusal, refusalOf, refusalOfStanza } from "./refusal.js";
import { registration } from "./registration.js";
import { attributeOf, xml } from "./xml.js";

const UNKNOWN = { type: "cancel", name: "service-unavailable" } as const;

export function incomingIq(one: Received, reception: Reception): void {
  const { stanza, target } = one;
  const type = attributeOf(stanza, "type");
  const [query] = stanza.getChildElements();
  // errors and results are never answered
  if ((type !== "get" && type !== "set") || attributeOf(stanza, "id") === null) return;
  const answer = (child: Element | null) => {
    reception.send(xml("iq", { ...answerTo(stanza), type: "result" }, child));
  };
  const refuse = (refusal: Refusal) => {
    reception.send(refusalOfStanza(stanza, refusal));
  };
  if (target === null || query === undefined) {
    refuse(NOBODY);
    return;
  }
  const asked = target.name === null ? ofAccount(type, query) : null;
  if (asked !== null) {
    const { sender } = one;
    if (sender?.isOurs !== true) {
      refuse(otherDomain(reception.domains.nativeDomain));
      return;
    }
    const task = async () => {
      answer(await asked(sender, query, reception.events));
    };
    inItsTurn(one, "question", reception, task, refuse);
    return;
  }
  try {
    const found = discovered(type, query, target.name, reception.domains);
    if (found !== undefined) answer(found);
    else reception.send(errorAnswer(stanza, UNKNOWN, null));
  } catch (error) {
    refuse(refusalOf(error));
  }
}

/** What is about the account that asks. */
function ofAccount(type: string, query: Element) {
  if (query.getNS() === DM3_NS) {
    const key = `${type} ${query.getName()}`;
    return LINK_QUESTIONS.get(key) ?? null;
  }
  if (!query.is("query", REGISTER_NS)) return null;
  return (sender: Sender, asked: Element, events: NetworkEvents) =>
    registration(type, asked, sender, events);
}
