/**
 * From a stanza to what it says to an app for DM3. What is of type="error" is never looked into for an envelope, carbons and results
 * of the archive are taken from the user's own account alone, and everything else from the gateway's host alone.
 */
import { foreignText } from "../fetch/foreignText.js";
import { envelopeHash } from "../messaging/envelopeHash.js";
import { addressAtGateway, isFromOwnAccount, type Jids } from "./jid.js";
import { ARCHIVE, CARBONS, CLIENT, DM3, FORWARD, STANZA_IDS } from "./namespaces.js";
import { errorSentence, LONGEST_SENTENCE, refusalCode } from "./stanzaErrors.js";
import { childOf, childrenOf, textOf, type XmlElement } from "./xmlElement.js";

/** Of any submission or delivery. */
interface Told {
  /** At the gateway, without a resource. */
  readonly address: string;
  readonly hash: string;
}

export interface HeardEnvelope extends Told {
  readonly kind: "envelope";
  readonly envelope: string;
  /** As the gateway wrote it, to be sent back. */
  readonly number: string | undefined;
}

export type Heard =
  | HeardEnvelope
  /** An envelope that is not the one whose hash it has, or is too large. */
  | (Told & { readonly kind: "damaged" })
  | (Told & { readonly kind: "accepted" })
  | (Told & { readonly kind: "failed"; readonly reason: string; readonly sentence: string })
  /** An answer to a submission. The code is null where it is not the gateway's own. */
  | {
      readonly kind: "error";
      readonly address: string;
      readonly id: string;
      readonly code: string | null;
      /** Of the stanza error (RFC 6120, section 8.3.3). */
      readonly condition: string;
      readonly sentence: string;
    };

/** By which way the same came. */
export interface HeardBy {
  readonly way: "live" | "carbon" | "archive";
  /** Its place in the user's archive, where the server says so. */
  readonly archiveId: string | null;
}

const HASH = /^[0-9a-f]{64}$/;
const NUMBER = /^\d{1,19}$/;
/** More than servers let through, in characters. */
const LONGEST_ENVELOPE_TEXT = 1_000_000;
const LONGEST_ID = 200;

/** What a message says, whichever way it came; null where that is nothing for DM3. */
export function heardIn(message: XmlElement, jids: Jids): Heard | null {
  if (message.name !== "message") return null;
  const address = addressAtGateway(message.attrs["from"], jids);
  if (address === null) return null;
  if (message.attrs["type"] === "error") return errorIn(message, address);
  const envelope = childOf(message, "envelope", DM3);
  if (envelope !== null) return envelopeIn(envelope, address);
  const accepted = childOf(message, "accepted", DM3);
  if (accepted !== null) return toldIn(accepted, (hash) => ({ kind: "accepted", address, hash }));
  const failed = childOf(message, "failed", DM3);
  if (failed === null) return null;
  const { reason = "" } = failed.attrs;
  const sentence = foreignText(textOf(failed, LONGEST_SENTENCE) ?? "");
  return toldIn(failed, (hash) => ({ kind: "failed", address, hash, reason, sentence }));
}

/** The message itself, or the one that it brings from another device of the user; null where somebody else made it up. */
export function unwrapped(
  stanza: XmlElement,
  jids: Jids,
): { readonly message: XmlElement; readonly by: HeardBy } | null {
  const carbon = childrenOf(stanza).find(({ attrs }) => attrs["xmlns"] === CARBONS);
  if (carbon === undefined) {
    return { message: stanza, by: { way: "live", archiveId: archiveIdIn(stanza, jids) } };
  }
  if (stanza.attrs["type"] === "error" || carbon.name !== "received") return null;
  if (!isFromOwnAccount(stanza.attrs["from"], jids)) return null;
  const message = forwardedIn(carbon);
  if (message === null) return null;
  return { message, by: { way: "carbon", archiveId: archiveIdIn(message, jids) } };
}

/** An entry of the user's archive, where it answers this query. */
export function archivedIn(
  stanza: XmlElement,
  queryid: string,
  jids: Jids,
): { readonly archiveId: string; readonly message: XmlElement | null } | null {
  if (stanza.name !== "message" || stanza.attrs["type"] === "error") return null;
  const result = childOf(stanza, "result", ARCHIVE);
  if (result === null || !isFromOwnAccount(stanza.attrs["from"], jids)) return null;
  const { id = "", queryid: answered } = result.attrs;
  if (answered !== queryid || id === "" || id.length > LONGEST_ID) return null;
  return { archiveId: id, message: forwardedIn(result) };
}

/** Whether it is meant for a query of the archive, of whomever. */
export const isArchived = (stanza: XmlElement) => childOf(stanza, "result", ARCHIVE) !== null;

function errorIn(message: XmlElement, address: string): Heard | null {
  const { id } = message.attrs;
  if (id === undefined || id.length > LONGEST_ID) return null;
  const { condition, text } = errorSentence(message);
  const code = refusalCode(message);
  const sentence = text === "" ? condition : text;
  return { kind: "error", address, id, code, condition, sentence };
}

function envelopeIn(envelope: XmlElement, address: string): Heard | null {
  return toldIn(envelope, (hash): Heard => {
    const text = textOf(envelope, LONGEST_ENVELOPE_TEXT);
    if (text === null || envelopeHash(text) !== hash) {
      return { kind: "damaged", address, hash };
    }
    const { number } = envelope.attrs;
    const isNumber = number !== undefined && NUMBER.test(number);
    return {
      ...{ kind: "envelope", address, hash, envelope: text },
      number: isNumber ? number : undefined,
    };
  });
}

function toldIn(of: XmlElement, told: (hash: string) => Heard): Heard | null {
  const { hash = "" } = of.attrs;
  return HASH.test(hash) ? told(hash) : null;
}

/** What somebody hands on (XEP-0297); null where there is none. */
export function forwardedIn(wrapping: XmlElement): XmlElement | null {
  const forwarded = childOf(wrapping, "forwarded", FORWARD);
  const message =
    forwarded === null ? undefined : childrenOf(forwarded).find(({ name }) => name === "message");
  return message?.attrs["xmlns"] === CLIENT ? message : null;
}

/** The server takes away those that senders make up (XEP-0359, section 6). */
function archiveIdIn(message: XmlElement, { own }: Jids): string | null {
  const ids = childrenOf(message).filter(
    ({ name, attrs }) => name === "stanza-id" && attrs["xmlns"] === STANZA_IDS,
  );
  const id = ids.find(({ attrs }) => attrs["by"] === own)?.attrs["id"];
  return id !== undefined && id !== "" && id.length <= LONGEST_ID ? id : null;
}
