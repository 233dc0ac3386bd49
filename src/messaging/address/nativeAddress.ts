/**
 * Addresses of people in a network, `local@domain`, in the one form in which they are compared and stored. What a server could
 * take for another address than we do is refused.
 */
import { isSignpostError, SignpostError } from "../../errors.js";
import { LONGEST_LOCAL_PART, type NetworkKind } from "./virtualAddress.js";

export interface NativeAddress {
  readonly localPart: string;
  /** Host name in lower case; international ones in their ASCII form. */
  readonly domain: string;
}

/** RFC 5321, section 4.1.2, "Dot-string": no quotes, no comments. */
const MAIL_LOCAL_PART = /^[a-zA-Z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[a-zA-Z0-9!#$%&'*+/=?^_`{|}~-]+)*$/;
/** What RFC 7622, section 3.3.1, leaves out, and blanks and controls. */
const NOT_IN_XMPP = /["&'/:<>@\s\p{C}]/u;
/** Invisible, so that servers drop them: joiners, soft hyphens, variation selectors. */
const DROPPED = /\p{Default_Ignorable_Code_Point}/u;

const HOST_LABEL = /^(?!-)[a-zA-Z0-9-]{1,63}(?<!-)$/;
const LONGEST_HOST = 253;

/**
 * @param text `local@domain`, in any case; of XMPP a bare JID
 * @throws INVALID_REQUEST for what is no address, or one that some server folds into another one
 */
export function parseNativeAddress(text: string, kind: NetworkKind): NativeAddress {
  const at = text.lastIndexOf("@");
  if (at === -1) throw refused(text, "has no @");
  return { localPart: localPartOf(text, at, kind), domain: domainOf(text, at) };
}

/** Whether it is what `parseNativeAddress` gives. */
export function isNativeAddress(address: NativeAddress, kind: NetworkKind): boolean {
  try {
    const text = formatNativeAddress(address);
    return formatNativeAddress(parseNativeAddress(text, kind)) === text;
  } catch (error) {
    if (isSignpostError(error, "INVALID_REQUEST")) return false;
    throw error;
  }
}

export function formatNativeAddress({ localPart, domain }: NativeAddress): string {
  return `${localPart}@${domain}`;
}

function localPartOf(text: string, at: number, kind: NetworkKind): string {
  const given = text.slice(0, at);
  // bounded before it is looked at
  if (given === "" || given.length > LONGEST_LOCAL_PART[kind]) {
    throw refused(text, `has no local part of 1 to ${LONGEST_LOCAL_PART[kind]} octets`);
  }
  const isGood = kind === "mail" ? MAIL_LOCAL_PART.test(given) : isXmppLocalPart(given);
  if (!isGood) throw refused(text, "has a local part that cannot be carried");
  return given.toLowerCase();
}

/** Whether every server takes it for the same one: nothing but upper and lower case is ever folded in it. */
function isXmppLocalPart(given: string): boolean {
  if (NOT_IN_XMPP.test(given) || DROPPED.test(given)) return false;
  if (new TextEncoder().encode(given).length > LONGEST_LOCAL_PART.xmpp) return false;
  const lower = given.toLowerCase();
  // one by one: of a whole word, JavaScript gives the last sigma a form of its own
  const folded = Array.from(lower, (one) => one.toUpperCase().toLowerCase()).join("");
  return given.normalize("NFKC") === given && folded.normalize("NFKC") === lower;
}

function domainOf(text: string, at: number): string {
  const domain = text.slice(at + 1);
  const isHost =
    domain.length <= LONGEST_HOST && domain.split(".").every((label) => HOST_LABEL.test(label));
  if (!isHost) throw refused(text, "has a domain that is no host name in ASCII");
  return domain.toLowerCase();
}

function refused(text: string, problem: string): SignpostError {
  const shown = JSON.stringify(text.slice(0, 100));
  return new SignpostError(
    "INVALID_REQUEST",
    `The address ${shown} ${problem}. Give it as local@domain.`,
  );
}
