/**
 * Invitation links of mail messengers (SecureJoin): whoever follows one gets a contact whose certificate was proven. Version 3 alone,
 * because before it the first mail is not encrypted.
 */
import { SignpostError } from "../../../errors.js";
import {
  formatNativeAddress,
  parseNativeAddress,
} from "../../../messaging/address/nativeAddress.js";
import type { Fingerprint } from "./fingerprint.js";

export interface Invitation {
  readonly fingerprint: Fingerprint;
  readonly address: string;
  /** What the inviter is called; empty where the link does not say it. */
  readonly name: string;
  /** Finds the invitation again; whoever has it may ask. */
  readonly invitationNumber: string;
  /** A secret of inviter and invited. */
  readonly authentication: string;
}

const VERSION = "3";
const LONGEST = 2000;
const LINK = /^(?:OPENPGP4FPR:|https:\/\/i\.delta\.chat\/#)([0-9A-F]{40})[#&]([^#]*)$/i;
const TOKEN = /^[\w-]{8,200}$/;

/** `OPENPGP4FPR:…`, as in QR codes. @throws INVALID_REQUEST */
export function writeInvitation(invitation: Invitation): string {
  const { fingerprint, address, name, invitationNumber, authentication } = invitation;
  const fields = [
    ["v", VERSION],
    ["i", invitationNumber],
    ["s", authentication],
    ["a", address],
    ["n", name],
  ] as const;
  const query = fields.map(([key, value]) => `${key}=${encodeURIComponent(value)}`).join("&");
  const link = `OPENPGP4FPR:${fingerprint}#${query}`;
  readInvitation(link);
  return link;
}

/** Reads links of both forms. @throws INVALID_REQUEST */
export function readInvitation(link: string): Invitation {
  if (link.length > LONGEST) throw invalid(`is longer than ${LONGEST} characters`);
  const [, fingerprint, query] = LINK.exec(link.trim()) ?? [];
  if (fingerprint === undefined) throw invalid("is none of a person");
  const fields = new URLSearchParams(query);
  const field = (name: string) => fields.get(name) ?? "";
  if (field("v") !== VERSION) {
    throw invalid("is of an older kind, whose first mail is not encrypted. Ask for a new one");
  }
  const [invitationNumber, authentication] = [field("i"), field("s")];
  if (!TOKEN.test(invitationNumber) || !TOKEN.test(authentication))
    throw invalid("lacks its secrets");
  return {
    fingerprint: fingerprint.toUpperCase(),
    // several where the inviter has several; the first one is used
    address: formatNativeAddress(parseNativeAddress(field("a").split(",")[0] ?? "", "mail")),
    name: field("n"),
    ...{ invitationNumber, authentication },
  };
}

function invalid(problem: string): SignpostError {
  return new SignpostError("INVALID_REQUEST", `The invitation link ${problem}.`, { field: "link" });
}
