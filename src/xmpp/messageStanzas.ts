/** The messages that the gateway sends: docs/xmpp-wire.md. Each has a body and type="chat", or it is missing from some archive or carbon. */
import type { Element } from "ltx";
import { formatNativeAddress } from "../messaging/address/nativeAddress.js";
import type { Delivery, EnvelopeHash, SubmissionEnd } from "../messaging/network.js";
import { type Domains, jidOf } from "./jid.js";
import { DM3_NS, HINTS_NS, RECEIPTS_NS } from "./namespaces.js";
import { answerTo } from "./refusal.js";
import { formatEnvelopeId } from "./stanzaId.js";
import { xml } from "./xml.js";

/** What arrives byte for byte: parsers of XML make line feeds of carriage returns, and some characters may not stand there at all. */
const CARRIED = /^[\n\x20-\x7e]*$/;

/** Null for an envelope that XML would change. */
export function deliveryStanza(delivery: Delivery, domains: Domains): Element | null {
  const { from, to, envelope, hash, number } = delivery;
  if (!CARRIED.test(envelope)) return null;
  return xml(
    "message",
    {
      type: "chat",
      from: jidOf(from, domains),
      to: formatNativeAddress(to),
      id: formatEnvelopeId(delivery),
    },
    xml("body", {}, `${from} sent you an encrypted message. Open it with an app for DM3.`),
    xml("envelope", { xmlns: DM3_NS, hash, number: String(number) }, envelope),
    xml("store", { xmlns: HINTS_NS }),
    xml("request", { xmlns: RECEIPTS_NS }),
  );
}

/** That a submission is kept: to the client that it came from. */
export function acceptedStanza(submit: Element, hash: EnvelopeHash): Element {
  return xml(
    "message",
    { ...answerTo(submit), type: "normal" },
    xml("accepted", { xmlns: DM3_NS, hash }),
  );
}

/** How a submission ended: to all clients of the account. */
export function endStanza(end: SubmissionEnd, domains: Domains): Element {
  const { to, receiver, hash, reason, sentence } = end;
  return xml(
    "message",
    {
      type: "chat",
      from: jidOf(receiver, domains),
      to: formatNativeAddress(to),
      id: `end-${hash}`,
    },
    xml("body", {}, `Your message to ${receiver} could not be delivered: ${sentence}`),
    xml("failed", { xmlns: DM3_NS, hash, reason }, sentence),
    xml("store", { xmlns: HINTS_NS }),
  );
}
