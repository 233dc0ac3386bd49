/**
 * Presence from the server (RFC 6121, section 3): who wants to watch whom. That is kept, because a server tells it again to
 * nobody; and what a server believes (its probes) is believed.
 */
import type { NormalName } from "../ens/normalize.js";
import { presenceOf, titleOf } from "./contactName.js";
import { jidOf, type Sender } from "./jid.js";
import { inItsTurn, NOBODY, otherDomain, type Received, type Reception } from "./reception.js";
import { type Refusal, refusalOfStanza } from "./refusal.js";
import { attributeOf, xml } from "./xml.js";

export function incomingPresence(one: Received, reception: Reception): void {
  const { stanza, sender, target } = one;
  const type = attributeOf(stanza, "type");
  if (type !== "subscribe" && type !== "unsubscribe" && type !== "probe") return;
  const refuse = (refusal: Refusal) => {
    if (type === "subscribe") reception.send(refusalOfStanza(stanza, refusal));
  };
  if (sender?.isOurs !== true) {
    refuse(otherDomain(reception.domains.nativeDomain));
    return;
  }
  if (target === null) {
    refuse(NOBODY);
    return;
  }
  const { name } = target;
  const task = () => TASKS[type](sender, name, reception);
  inItsTurn(one, "presence", reception, task, refuse);
}

type Task = (sender: Sender, name: NormalName | null, reception: Reception) => Promise<void>;

const TASKS: Readonly<Record<"subscribe" | "unsubscribe" | "probe", Task>> = {
  async subscribe(sender, name, reception) {
    const { events, contacts } = reception;
    const from = jidOf(name, reception.domains);
    const isKept =
      name === null ||
      ((await events.exists(name)) &&
        (await contacts.addContact({ native: sender.address, name })));
    if (!isKept) {
      const status = `${titleOf(name)} has no DM3 profile, or you have as many DM3 contacts as one may have.`;
      const to = sender.bare;
      const no = xml("presence", { from, to, type: "unsubscribed" }, xml("status", {}, status));
      reception.send(no);
      return;
    }
    reception.send(presenceOf(from, sender.bare, name, "subscribed"));
    reception.send(presenceOf(from, sender.bare, name));
  },

  async unsubscribe(sender, name, reception) {
    const { events, contacts } = reception;
    const from = jidOf(name, reception.domains);
    const to = sender.bare;
    if (name === null) await events.unlinked(sender.address);
    else await contacts.removeContact({ native: sender.address, name });
    reception.send(presenceOf(from, to, name, "unavailable"));
    reception.send(xml("presence", { from, to, type: "unsubscribed" }));
  },

  async probe(sender, name, reception) {
    const { contacts, domains } = reception;
    const isKept = name === null || (await contacts.addContact({ native: sender.address, name }));
    if (isKept) reception.send(presenceOf(jidOf(name, domains), sender.bare, name));
  },
};
