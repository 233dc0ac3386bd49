/**
 * The header of our own mail. Every character comes from a narrow alphabet and none from a text that a user wrote: subject, names and
 * threading are inside of what is encrypted.
 */
import { createHash } from "node:crypto";
import { formatNativeAddress, type NativeAddress } from "../messaging/address/nativeAddress.js";
import { LONGEST_CERTIFICATE } from "./autocryptIn.js";

export interface OuterHeader {
  readonly from: NativeAddress;
  readonly to: NativeAddress;
  readonly atMs: number;
  /** Without its brackets. */
  readonly messageId: string;
  readonly subject: string;
  /** Of the virtual sender, in binary form; clients that hold no key of its show nothing of the mail. */
  readonly certificate: Uint8Array | null;
  /** Reports only (RFC 3834, section 5). */
  readonly isAutomatic: boolean;
  /** `name: value` of the MIME fields. */
  readonly mimeFields: readonly string[];
}

const LINE = /^[A-Za-z-]+: [ -~]*(?:\r\n[ \t][ -~]+)*$/;

export function outerHeader(header: OuterHeader): readonly string[] {
  const { from, to, atMs, messageId, subject, certificate, isAutomatic, mimeFields } = header;
  const lines = [
    `From: <${formatNativeAddress(from)}>`,
    `To: <${formatNativeAddress(to)}>`,
    `Date: ${new Date(atMs).toUTCString().replace("GMT", "+0000")}`,
    `Message-ID: <${messageId}>`,
    `Subject: ${subject}`,
    ...(isAutomatic ? ["Auto-Submitted: auto-replied"] : []),
    ...autocrypt(from, certificate),
    "MIME-Version: 1.0",
    ...mimeFields,
  ];
  const bad = lines.find((line) => !LINE.test(line));
  if (bad !== undefined) throw new TypeError(`no field of a header: ${JSON.stringify(bad)}`);
  return lines;
}

/** Always the same for one message, so that a copy is known; it does not show the token. */
export function messageIdOf(token: string, mailDomain: string): string {
  const id = createHash("sha256").update(token).digest("hex").slice(0, 40);
  return `${id}@${mailDomain}`;
}

/** Autocrypt 1.1, section 2.1: addr is the address of From. */
function autocrypt(from: NativeAddress, certificate: Uint8Array | null): readonly string[] {
  if (certificate === null || certificate.length > LONGEST_CERTIFICATE) return [];
  const digits = Buffer.from(certificate).toString("base64");
  const lines = digits.match(/.{1,76}/g) ?? [];
  const start = `Autocrypt: addr=${formatNativeAddress(from)}; prefer-encrypt=mutual;`;
  return [[start, "keydata=", ...lines].join("\r\n ")];
}
