/** Who a recipient of the envelope is: addresses of DM3 users, of reports about our own mail, and those by which people opt out or leave. */
import { domainToASCII } from "node:url";
import type { NormalName } from "../ens/normalize.js";
import { isSignpostError } from "../errors.js";
import { MAILER_DAEMON } from "../messaging/address/bridgeItself.js";
import { type NativeAddress, parseNativeAddress } from "../messaging/address/nativeAddress.js";
import { nameOfLocalPart } from "../messaging/address/virtualAddress.js";
import { badAddress, noSuchUser, notAscii, otherDomain } from "./smtpReply.js";
import { tokenOfLocalPart } from "./verp.js";

export type Recipient =
  | { readonly is: "user"; readonly name: NormalName }
  | { readonly is: "report"; readonly token: string }
  /** A mail of the bridge's own, which comes back. */
  | { readonly is: "canary" }
  | Wish;

/** Of the author: no mail from here; mail again; all that is kept to be gone. */
interface Wish {
  readonly is: "opt-out" | "opt-in" | "leaving";
  /** To whom it has to be written. */
  readonly address: string;
}

/** A mail to one of them is a wish of its author. None is a DM3 user. */
const WISHES: Readonly<Record<string, Wish["is"]>> = {
  stop: "opt-out",
  start: "opt-in",
  forget: "leaving",
};
/** Where canaries come back. No DM3 user either. */
const CANARY = "canary";
/** Every mail domain has them (RFC 5321, section 4.5.1; RFC 2142); none is a DM3 user. */
const RESERVED = [MAILER_DAEMON, "postmaster", "abuse"];

export type NameOfHash = (localPart: string) => Promise<NormalName | null>;

/**
 * @param text of RCPT, without its brackets
 * @param nameOfHash for local parts from which only a table leads back
 * @throws SmtpRefusal
 */
export async function recipientOf(
  text: string,
  mailDomain: string,
  nameOfHash: NameOfHash,
): Promise<Recipient> {
  const { localPart, domain } = addressOf(text);
  if (domain !== mailDomain) throw otherDomain(mailDomain);
  const wish = Object.hasOwn(WISHES, localPart) ? WISHES[localPart] : undefined;
  if (wish !== undefined) return { is: wish, address: `${localPart}@${domain}` };
  const token = tokenOfLocalPart(localPart);
  if (token !== null) return { is: "report", token };
  if (localPart === CANARY) return { is: "canary" };
  const name = RESERVED.includes(localPart) ? null : await nameOf(localPart, nameOfHash);
  if (name === null) throw noSuchUser(`${localPart}@${domain}`);
  return { is: "user", name };
}

/** From where canaries come, and where they come back. */
export function canaryAddress(mailDomain: string): NativeAddress {
  return { localPart: CANARY, domain: mailDomain };
}

/** smtp-server shows international domains in Unicode. */
function addressOf(text: string): NativeAddress {
  const at = text.lastIndexOf("@");
  const domain = domainToASCII(text.slice(at + 1));
  if (/[^\x20-\x7e]/.test(text.slice(0, at))) throw notAscii();
  try {
    return parseNativeAddress(`${text.slice(0, at)}@${domain}`, "mail");
  } catch (error) {
    if (isSignpostError(error, "INVALID_REQUEST")) throw badAddress();
    throw error;
  }
}

async function nameOf(localPart: string, nameOfHash: NameOfHash): Promise<NormalName | null> {
  const read = nameOfLocalPart(localPart, "mail");
  return read === "hashed" ? nameOfHash(localPart) : (read?.name ?? null);
}
