/**
 * The certificates of the people whom a user writes with. A fingerprint is a person, who may have several addresses. Where an address
 * gets another certificate, that is always told, and it is used only when it comes from a stronger source or the user takes it.
 */
import { decodeBase64, encodeBase64 } from "../../../dm3/base64.js";
import {
  formatNativeAddress,
  parseNativeAddress,
} from "../../../messaging/address/nativeAddress.js";
import type { MailStore } from "../mailIds.js";
import type { KnownSenders } from "../senders.js";
import { assertTakesMail, fingerprintOf, readCertificate, unusable } from "./certificate.js";
import type { Fingerprint } from "./fingerprint.js";

/**
 * Where a certificate came from, the strongest first: the record that its owner's DM3 key signed; a contact that the user imported;
 * a mail that it signed itself; the directory of the address's provider.
 */
export const CERTIFICATE_SOURCES = ["record", "vcard", "autocrypt", "wkd"] as const;

export type CertificateSource = (typeof CERTIFICATE_SOURCES)[number];

export interface KeptCertificate {
  readonly fingerprint: Fingerprint;
  readonly source: CertificateSource;
  /** Binary. */
  readonly certificate: Uint8Array;
  /** Of a record. */
  readonly signedAtSec?: number;
}

export type Taken =
  /** It is used. `isMoved`: it was known under another address already. */
  | { readonly is: "added"; readonly isMoved: boolean }
  /** The same person's; newer parts of it are used from now on. */
  | { readonly is: "same" }
  /** It is used instead of another one, because its source is stronger. Tell the user. */
  | { readonly is: "replaced"; readonly former: Fingerprint }
  /** It is not used. Ask the user, and call `accept` if it is right. */
  | { readonly is: "changed"; readonly known: Fingerprint };

export interface Offer {
  readonly address: string;
  /** Binary. */
  readonly certificate: Uint8Array;
  readonly source: CertificateSource;
  /** Of a record: an older one does not replace a newer one. */
  readonly signedAtSec?: number;
}

export interface KeyBook {
  /** @throws UNUSABLE_CERTIFICATE, INVALID_REQUEST */
  readonly take: (offer: Offer) => Promise<Taken>;
  /** The user's decision for one that was offered. @throws UNUSABLE_CERTIFICATE where it was not */
  readonly accept: (address: string, fingerprint: Fingerprint) => Promise<void>;
  /** What is used for the address; null where there is none. */
  readonly of: (address: string) => Promise<KeptCertificate | null>;
  /** Offered for the address and not taken. */
  readonly offeredFor: (address: string) => Promise<readonly KeptCertificate[]>;
  /** All addresses of a person. */
  readonly addressesOf: (fingerprint: Fingerprint) => Promise<readonly string[]>;
  /** For `decodeMail`. */
  readonly senders: KnownSenders;
}

const MOST_OFFERS = 5;

interface Page {
  readonly used: KeptCertificate | null;
  readonly offered: readonly KeptCertificate[];
}

/** One book for each store; calls of `take` and `accept` one after another. */
export function openKeyBook(store: MailStore): KeyBook {
  const readPage = async (address: string) => pageOf(await store.get(`certificate/${address}`));
  const personKey = (fingerprint: Fingerprint) => `person/${fingerprint}`;

  const addressesOf = async (fingerprint: Fingerprint) => {
    const addresses = await store.get(personKey(fingerprint));
    return Array.isArray(addresses) ? addresses.map(String) : [];
  };

  async function use(address: string, used: KeptCertificate, page: Page): Promise<void> {
    const offered = page.offered.filter(({ fingerprint }) => fingerprint !== used.fingerprint);
    await store.set(`certificate/${address}`, textOf({ used, offered }));
    const former = page.used?.fingerprint;
    if (former !== undefined && former !== used.fingerprint) {
      const left = (await addressesOf(former)).filter((one) => one !== address);
      await store.set(personKey(former), left);
    }
    const all = new Set([...(await addressesOf(used.fingerprint)), address]);
    await store.set(personKey(used.fingerprint), [...all]);
  }

  async function take(offer: Offer): Promise<Taken> {
    const { certificate, source } = offer;
    const signed = offer.signedAtSec === undefined ? {} : { signedAtSec: offer.signedAtSec };
    const address = normal(offer.address);
    const key = await readCertificate(certificate);
    await assertTakesMail(key);
    const fingerprint = fingerprintOf(key);
    const page = await readPage(address);
    const { used } = page;
    if (used === null) {
      const isMoved = (await addressesOf(fingerprint)).length > 0;
      await use(address, { fingerprint, source, certificate, ...signed }, page);
      return { is: "added", isMoved };
    }
    if (used.fingerprint === fingerprint) {
      const merged = await (await readCertificate(used.certificate)).update(key);
      const isBetter = isStronger(source, used.source) || isNewerRecord(offer, used);
      const origin = isBetter ? { source, ...signed } : { source: used.source };
      await use(address, { ...used, ...origin, certificate: merged.write() }, page);
      return { is: "same" };
    }
    if (isStronger(source, used.source) || isNewerRecord(offer, used)) {
      await use(address, { fingerprint, source, certificate, ...signed }, page);
      return { is: "replaced", former: used.fingerprint };
    }
    const others = page.offered.filter((one) => one.fingerprint !== fingerprint);
    const one = { fingerprint, source, certificate, ...signed };
    const offered = [...others, one].slice(-MOST_OFFERS);
    await store.set(`certificate/${address}`, textOf({ used, offered }));
    return { is: "changed", known: used.fingerprint };
  }

  const of = async (address: string) => (await readPage(normal(address))).used;
  const offeredFor = async (address: string) => (await readPage(normal(address))).offered;
  return {
    ...{ take, of, offeredFor, addressesOf },
    accept: async (given, fingerprint) => {
      const address = normal(given);
      const page = await readPage(address);
      const wanted = page.offered.find((one) => one.fingerprint === fingerprint);
      if (wanted === undefined) throw unusable(fingerprint, `nobody offered it for ${address}`);
      // as if the user had imported it
      await use(address, { ...wanted, source: "vcard" }, page);
    },
    senders: {
      ofAddress: async (address) => {
        const used = await of(address);
        return used === null ? [] : [used.certificate];
      },
      isKnown: async (fingerprint) => (await addressesOf(fingerprint)).length > 0,
    },
  };
}

function isStronger(one: CertificateSource, other: CertificateSource): boolean {
  return CERTIFICATE_SOURCES.indexOf(one) < CERTIFICATE_SOURCES.indexOf(other);
}

/** The owner of a record may change it; whoever serves an older one may not. */
function isNewerRecord(offer: Offer, used: KeptCertificate): boolean {
  if (offer.source !== "record" || used.source !== "record") return false;
  return (offer.signedAtSec ?? 0) > (used.signedAtSec ?? 0);
}

function normal(address: string): string {
  return formatNativeAddress(parseNativeAddress(address, "mail"));
}

/** As it is kept: certificates in base64. */
interface KeptText extends Omit<KeptCertificate, "certificate"> {
  readonly certificate: string;
}

function textOf({ used, offered }: Page) {
  const text = (one: KeptCertificate): KeptText => ({
    ...one,
    certificate: encodeBase64(one.certificate),
  });
  return { used: used === null ? null : text(used), offered: offered.map(text) };
}

/** The store is the user's own. */
function pageOf(value: unknown): Page {
  if (value === null || value === undefined) return { used: null, offered: [] };
  const { used, offered } = value as {
    readonly used: KeptText | null;
    readonly offered: readonly KeptText[];
  };
  const read = (one: KeptText) => ({ ...one, certificate: decodeBase64(one.certificate) });
  return { used: used === null ? null : read(used), offered: offered.map(read) };
}
