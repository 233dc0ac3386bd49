/** What answering a stanza takes: shared by messages, IQs and presence. */
import type { Element } from "ltx";
import { isSignpostError, SignpostError } from "../errors.js";
import type { ContactStore, NetworkEvents } from "../messaging/network.js";
import type { Admission, Kind } from "./admission.js";
import { type Domains, type Sender, senderOf, type Target, targetOf } from "./jid.js";
import { isTrouble, type Refusal, refusalOf } from "./refusal.js";
import { attributeOf } from "./xml.js";

export interface Reception {
  readonly domains: Domains;
  readonly events: NetworkEvents;
  readonly contacts: ContactStore;
  readonly admission: Admission;
  /** Sends without waiting; lost when there is no connection, as everything that is on its way then. */
  readonly send: (stanza: Element) => void;
  readonly report: (error: SignpostError) => void;
}

/** A stanza with its addresses read. */
export interface Received {
  readonly stanza: Element;
  /** As it came, with its resource. */
  readonly from: string;
  /** Null for a server, a component, or an account that cannot be told from another one. */
  readonly sender: Sender | null;
  /** Null for an address that is nobody's. */
  readonly target: Target;
}

/** Null without a sender: servers always give one. */
export function received(stanza: Element, domains: Domains): Received | null {
  const from = attributeOf(stanza, "from");
  if (from === null) return null;
  return {
    stanza,
    from,
    sender: senderOf(from, domains),
    target: targetOf(attributeOf(stanza, "to"), domains),
  };
}

/** All that one server's accounts do counts together, unless the server is ours. */
export function whoCounts({ sender, from }: Received): string {
  if (sender === null) return from.slice(0, 256);
  return sender.isOurs ? sender.bare : sender.address.domain;
}

const TOO_MUCH: Refusal = {
  code: "LIMIT_EXCEEDED",
  sentence: "Too much at once. Try again in a minute.",
};

/**
 * Does it when it is its turn, within the bounds of its kind.
 * @param bytes about what it holds
 * @param refuse shows why it was not done
 */
export function inItsTurn(
  one: Received,
  kind: Kind,
  bytes: number,
  { admission, report }: Reception,
  task: () => Promise<void>,
  refuse: (refusal: Refusal) => void,
): void {
  const isAdmitted = admission.admit(whoCounts(one), kind, bytes, async () => {
    try {
      await task();
    } catch (error) {
      const refusal = refusalOf(error);
      if (isTrouble(refusal)) report(asError(error));
      refuse(refusal);
    }
  });
  if (!isAdmitted) refuse(TOO_MUCH);
}

function asError(error: unknown): SignpostError {
  if (isSignpostError(error)) return error;
  return new SignpostError("INTERNAL", "An event of the XMPP server failed.", {}, { cause: error });
}

/** That the account is one of our server's, which is what the gateway serves. */
export function otherDomain(nativeDomain: string): Refusal {
  return {
    code: "OTHER_DOMAIN",
    sentence: `This gateway serves accounts of ${nativeDomain} alone. Use the DM3 gateway of your own server.`,
  };
}

export const NOBODY: Refusal = {
  code: "NOT_FOUND",
  sentence:
    "Nobody has this address. The part before the @ is a DM3 name in its normal form, such as alice.eth.",
};
