/** What answering a stanza takes: shared by messages, IQs and presence. */
import { setTimeout as delay } from "node:timers/promises";
import type { Element } from "ltx";
import { isSignpostError, SignpostError } from "../errors.js";
import type { ContactStore, NetworkEvents } from "../messaging/network.js";
import type { Admission, Kind } from "./admission.js";
import { type Domains, isForUs, type Sender, senderOf, type Target, targetOf } from "./jid.js";
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
  /** Of one event of the core, in ms; a minute. */
  readonly longestTaskMs?: number | undefined;
}

/** A stanza with its addresses read. */
export interface Received {
  readonly stanza: Element;
  /** About what it holds in memory while it waits. */
  readonly bytes: number;
  /** As it came, with its resource. */
  readonly from: string;
  /** Null for a server, a component, or an account that cannot be told from another one. */
  readonly sender: Sender | null;
  /** Null for an address that is nobody's. */
  readonly target: Target;
}

/** Null without a sender, which servers always give, and for what is for another component. */
export function received(stanza: Element, domains: Domains): Received | null {
  const from = attributeOf(stanza, "from");
  const to = attributeOf(stanza, "to");
  if (from === null || !isForUs(to, domains)) return null;
  return {
    stanza,
    bytes: bytesOf(stanza),
    from,
    sender: senderOf(from, domains),
    target: targetOf(to, domains),
  };
}

/** All that one server's accounts do counts together, unless the server is ours. */
function whoCounts({ sender, from }: Received): string {
  if (sender === null) return from.slice(0, 256);
  return sender.isOurs ? sender.bare : sender.address.domain;
}

const BYTES_OF_ELEMENT = 250;

/** A flood of small questions in large stanzas must not hold more than is counted. */
function bytesOf(element: Element): number {
  let bytes = BYTES_OF_ELEMENT;
  for (const value of Object.values(element.attrs)) bytes += 2 * String(value).length;
  for (const child of element.children) {
    bytes += typeof child === "string" ? 2 * child.length : bytesOf(child);
  }
  return bytes;
}

/** Longer than every lookup and statement behind it may take: what does not end by then never will, and holds up its user. */
const LONGEST_TASK_MS = 60_000;

async function within(ms: number, task: () => Promise<void>): Promise<void> {
  const stop = new AbortController();
  const late = delay(ms, undefined, { ref: false, signal: stop.signal }).then(() => {
    throw new SignpostError("INTERNAL", "An event of the XMPP server did not end in time.", {});
  });
  try {
    await Promise.race([task(), late]);
  } finally {
    stop.abort();
    late.catch(() => undefined);
  }
}

const TOO_MUCH: Refusal = {
  code: "LIMIT_EXCEEDED",
  sentence: "Too much at once. Try again in a minute.",
};

/**
 * Does it when it is its turn, within the bounds of its kind and its time.
 * @param refuse shows why it was not done
 */
export function inItsTurn(
  one: Received,
  kind: Kind,
  { admission, report, longestTaskMs = LONGEST_TASK_MS }: Reception,
  task: () => Promise<void>,
  refuse: (refusal: Refusal) => void,
): void {
  const isAdmitted = admission.admit(whoCounts(one), kind, one.bytes, async () => {
    try {
      await within(longestTaskMs, task);
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
