/**
 * Messages from the server. Errors come first, because ejabberd returns whole stanzas in them, envelopes included; and an error
 * is never answered.
 */
import type { Element } from "ltx";
import type { NormalName } from "../ens/normalize.js";
import type { NativeAddress } from "../messaging/address/nativeAddress.js";
import { acceptedStanza } from "./messageStanzas.js";
import { DM3_NS, STANZA_ERRORS_NS } from "./namespaces.js";
import { inItsTurn, NOBODY, otherDomain, type Received, type Reception } from "./reception.js";
import { type Refusal, refusalOfStanza } from "./refusal.js";
import { envelopeIdOf, isEnvelopeHash, parseEnvelopeId } from "./stanzaId.js";
import { attributeOf } from "./xml.js";

/** Of an error about a delivery, those that nothing changes: no such account or blocked, and against the server's rules. Others come although the message is archived. */
const FINAL = ["service-unavailable", "policy-violation"];

export function incomingMessage(one: Received, reception: Reception): void {
  const { stanza } = one;
  const type = attributeOf(stanza, "type");
  if (type === "error") {
    bounced(one, reception);
    return;
  }
  const accepted = stanza.getChild("accepted", DM3_NS);
  const noted = stanza.getChild("noted", DM3_NS);
  const submit = stanza.getChild("submit", DM3_NS);
  if (accepted !== undefined) acceptance(one, accepted, reception);
  else if (noted !== undefined) endNoted(one, noted, reception);
  else if (submit !== undefined) submission(one, submit, reception);
  else if (type !== "groupchat" && type !== "headline" && isForReading(stanza)) {
    plainText(one, reception);
  } // receipts, chat states and all else that no person wrote
}

function bounced(one: Received, reception: Reception): void {
  const { stanza, sender } = one;
  const id = parseEnvelopeId(attributeOf(stanza, "id") ?? "");
  const error = stanza.getChild("error");
  if (id === null || error === undefined || sender?.isOurs !== true) return;
  const condition = error
    .getChildElements()
    .find((child) => child.getName() !== "text" && child.getNS() === STANZA_ERRORS_NS)
    ?.getName();
  if (condition === undefined || !FINAL.includes(condition)) return;
  const sentence = `The XMPP server refuses messages to ${sender.bare} (${condition}).`;
  const { refused } = reception.events;
  unanswered(one, "acceptance", reception, () => refused(sender.address, { ...id, sentence }));
}

function acceptance(one: Received, accepted: Element, reception: Reception): void {
  const { sender, target } = one;
  const id = envelopeIdOf(attributeOf(accepted, "hash"), attributeOf(accepted, "number"));
  if (id === null || sender?.isOurs !== true || target === null) return;
  const { delivered } = reception.events;
  answeredByError(one, "acceptance", reception, () => delivered(sender.address, id));
}

function endNoted(one: Received, noted: Element, reception: Reception): void {
  const { sender, target } = one;
  const hash = attributeOf(noted, "hash");
  if (!isEnvelopeHash(hash) || sender?.isOurs !== true || target === null) return;
  const { endNoted } = reception.events;
  answeredByError(one, "acceptance", reception, () => endNoted(sender.address, hash));
}

function submission(one: Received, submit: Element, reception: Reception): void {
  const { stanza } = one;
  const checked = checkedSubmission(one, submit, reception);
  if ("code" in checked) {
    reception.send(refusalOfStanza(stanza, checked));
    return;
  }
  inItsTurn(
    one,
    "submission",
    reception,
    async () => {
      await reception.events.submitted({ ...checked, envelope: submit.getText() });
      reception.send(acceptedStanza(stanza, checked.hash));
    },
    (refusal) => {
      reception.send(refusalOfStanza(stanza, refusal));
    },
  );
}

function checkedSubmission(
  { sender, target }: Received,
  submit: Element,
  { domains }: Reception,
): Refusal | { from: NativeAddress; to: NormalName; hash: string } {
  if (sender?.isOurs !== true) return otherDomain(domains.nativeDomain);
  if (target === null) return NOBODY;
  if (target.name === null) {
    return { ...NOBODY, sentence: "This is the gateway itself. Write to a DM3 user." };
  }
  const hash = attributeOf(submit, "hash");
  if (isEnvelopeHash(hash)) return { from: sender.address, to: target.name, hash };
  return {
    code: "ENVELOPE_MALFORMED",
    sentence: "The attribute hash is no SHA-256 in hexadecimal digits. The app has to send it.",
  };
}

function plainText(one: Received, { send, domains }: Reception): void {
  const { stanza, sender, target } = one;
  if (sender?.isOurs !== true) {
    send(refusalOfStanza(stanza, otherDomain(domains.nativeDomain)));
    return;
  }
  if (target === null) {
    send(refusalOfStanza(stanza, NOBODY));
    return;
  }
  const who = target.name ?? "This address";
  const sentence = `Your message was not sent. ${who} takes messages from apps for DM3 alone, which encrypt them.`;
  send(refusalOfStanza(stanza, { code: "INVALID_REQUEST", sentence }));
}

/** Whether a person wrote it: text, or what some encryption of XMPP made of it (XEP-0380 and those that it names). */
function isForReading(stanza: Element): boolean {
  if ((stanza.getChildText("body") ?? "") !== "") return true;
  return stanza
    .getChildElements()
    .some((child) => ["encrypted", "encryption", "openpgp"].includes(child.getName()));
}

function unanswered(
  one: Received,
  kind: "acceptance",
  reception: Reception,
  task: () => Promise<void>,
): void {
  inItsTurn(one, kind, reception, task, () => undefined);
}

function answeredByError(
  one: Received,
  kind: "acceptance",
  reception: Reception,
  task: () => Promise<void>,
): void {
  inItsTurn(one, kind, reception, task, (refusal) => {
    reception.send(refusalOfStanza(one.stanza, refusal));
  });
}
