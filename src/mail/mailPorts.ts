/** What the adapter asks of others beside the port of all networks. */
import type { NormalName } from "../ens/normalize.js";
import type { NativeAddress } from "../messaging/address/nativeAddress.js";

/** Which domains signed mails of an address, beside its own. */
export interface SignerMemory {
  readonly has: (address: NativeAddress, domain: string) => Promise<boolean>;
  readonly add: (address: NativeAddress, domain: string) => Promise<void>;
}

/** People in the network who want no mail from here. */
export interface OptOuts {
  readonly has: (address: NativeAddress) => Promise<boolean>;
  readonly add: (address: NativeAddress) => Promise<void>;
  readonly remove: (address: NativeAddress) => Promise<void>;
}

/** A report to a mail user that is about to go out. */
export interface SealableReport {
  readonly to: NativeAddress;
  /** The DM3 user whom the mail was for. */
  readonly recipient: NormalName;
  /** The Message-ID of the mail, with its brackets. */
  readonly about: `<${string}>`;
  readonly action: "failed" | "delayed";
  readonly status: string;
  /** One line in ASCII. */
  readonly sentence: string;
  /** Of the report, without its brackets. */
  readonly messageId: string;
}

/**
 * Makes a whole encrypted entity (RFC 3156) of a report, for clients that show no plain ones, with the certificate of its signer;
 * null where no certificate of that person is known that can be used.
 */
export type SealReport = (
  report: SealableReport,
) => Promise<{ readonly entity: Uint8Array; readonly certificate: Uint8Array } | null>;

/**
 * Keeps a certificate of a mail user: of the user's own proven mail, or from a DM3 user who writes there (`by`). `saidMs` is when, in Unix
 * milliseconds: one that was said earlier than the known one changes nothing.
 */
export type LearnCertificate = (
  owner: NativeAddress,
  by: NormalName | null,
  certificate: Uint8Array,
  saidMs: number,
) => Promise<void>;

/** The OpenPGP certificate that a DM3 user published, in binary form; null without one. */
export type CertificateOf = (name: NormalName) => Promise<Uint8Array | null>;
