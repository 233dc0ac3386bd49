/**
 * What SPF, DKIM and DMARC say of who wrote a mail (RFC 7208, RFC 6376, RFC 9989), found out by mailauth. "dmarc = pass" is not among
 * it: that also passes for SPF alone and for neighbours. Of mailauth only these modules load on Node 20.
 */
import { Readable } from "node:stream";
import { setImmediate as nextTurn } from "node:timers/promises";
import { dkimVerify } from "mailauth/lib/dkim/verify.js";
import { evaluateDmarc } from "mailauth/lib/dmarc/index.js";
import { spf } from "mailauth/lib/spf/index.js";
import { within } from "../fetch/within.js";
import type { NativeAddress } from "../messaging/address/nativeAddress.js";
import { boundedDns, type ResolveDns } from "./boundedDns.js";
import { valuesOf } from "./headerFields.js";
import type { ReceivedMail } from "./receivedMail.js";

export interface Connection {
  readonly ip: string;
  readonly helo: string;
  /** Envelope sender; empty for the null sender. */
  readonly mailFrom: string;
}

export interface Evidence {
  /** Whether mailauth read the same From as we did: one field, one address. */
  readonly readsSameFrom: boolean;
  /** A signature of exactly the author's domain over the whole mail, of a fit key, not older than seven days. */
  readonly isStrong: boolean;
  /** Such a signature says when it was made, and covers the field To: the mail was written to whom it says. */
  readonly coversTo: boolean;
  /**
   * Such a signature covers the field Autocrypt: the author's provider took the certificate from the author then, in Unix milliseconds
   * (Autocrypt 1.1, section 2.3: the effective date). Zero where nothing signed says when; null without such a signature.
   */
  readonly autocryptMs: number | null;
  /** Further domains whose signatures passed; at most three. */
  readonly otherSigners: readonly string[];
  /** Domains that passed and that DMARC takes for relatives of the author's. */
  readonly neighbours: readonly string[];
  /** What could not be found out and might have changed the verdict. */
  readonly unknown: "the key of its signature" | "the DMARC policy" | "its SPF record" | null;
  /** Why no signature counts, in short; for a person. */
  readonly comment: string;
}

/** In ms: the answer of a silent DNS server takes longer than servers wait. */
const LONGEST_CHECK = 20_000;
const OLDEST_SIGNATURE_MS = 7 * 24 * 3_600_000;
/** A signer whose clock is ahead by less than this has not signed in the future. */
const CLOCK_SKEW_MS = 5 * 60_000;
const STRONG_ALGORITHMS = ["rsa-sha256", "ed25519-sha256"];

type DkimResult = Awaited<ReturnType<typeof dkimVerify>>["results"][number];

/** "too late" after 20 s. Throws what mailauth throws. */
export async function evidenceOf(
  mail: ReceivedMail,
  from: NativeAddress,
  connection: Connection,
  resolve: ResolveDns,
  nowMs: number,
): Promise<Evidence | "too late"> {
  const found = findOut(mail, from, connection, resolve, nowMs);
  return within<Evidence | "too late">(LONGEST_CHECK, found, () => "too late");
}

async function findOut(
  mail: ReceivedMail,
  from: NativeAddress,
  { ip, helo, mailFrom }: Connection,
  resolveDns: ResolveDns,
  nowMs: number,
): Promise<Evidence> {
  const dns = boundedDns(resolveDns, from.domain);
  const resolver = dns.resolve as (name: string, type: string) => Promise<string[][] | string[]>;
  const dkim = await dkimVerify(inPieces(mail.chunks), {
    resolver,
    sender: mailFrom,
    curTime: new Date(nowMs + CLOCK_SKEW_MS),
  });
  const exact = dkim.results.filter(({ signingDomain }) => isSame(signingDomain, from.domain));
  const passed = dkim.results.filter(isFit).map(({ signingDomain = "" }) => signingDomain);
  const others = passed.filter((domain) => !isSame(domain, from.domain));
  const strong = exact.filter((one) => isStrong(one, nowMs));
  const evidence: Evidence = {
    readsSameFrom: dkim.fromFields === 1 && isSame(dkim.headerFrom.join(), textOf(from)),
    isStrong: strong.length > 0,
    coversTo: strong.some((one) => one.signTime != null && covers(one, "to")),
    autocryptMs: autocryptTime(mail, strong, nowMs),
    otherSigners: [...new Set(others.map((domain) => domain.toLowerCase()))].slice(0, 3),
    neighbours: [],
    unknown: null,
    comment: commentOf(dkim.results, exact),
  };
  if (evidence.isStrong) return evidence;
  if (exact.some(({ status }) => status.result === "temperror")) {
    return { ...evidence, unknown: "the key of its signature" };
  }

  const ofSpf = await spf({ resolver, ip, helo, sender: mailFrom });
  const { response, dkimAligned } = await evaluateDmarc({
    resolver,
    headerFrom: dkim.headerFrom,
    fromFields: dkim.fromFields,
    spfDomains: ofSpf.status.result === "pass" ? [ofSpf.domain] : [],
    dkimDomains: passed.map((domain) => ({ domain })),
  });
  if (response !== false && response.status.result === "temperror") {
    return { ...evidence, unknown: "the DMARC policy" };
  }
  const neighbours = [...(dkimAligned ?? [])].filter((domain) => !isSame(domain, from.domain));
  if (neighbours.length > 0) return { ...evidence, neighbours };
  const isDecisive = isSame(ofSpf.domain, from.domain) && ofSpf.status.result === "temperror";
  return { ...evidence, unknown: isDecisive ? "its SPF record" : null };
}

function isStrong(result: DkimResult, nowMs: number): boolean {
  const signedAtMs = result.signTime == null ? nowMs : Date.parse(result.signTime);
  return isFit(result) && nowMs - signedAtMs <= OLDEST_SIGNATURE_MS;
}

function covers({ signingHeaders }: DkimResult, field: string): boolean {
  const names = signingHeaders?.keys.toLowerCase().split(":") ?? [];
  return names.some((name) => name.trim() === field);
}

function autocryptTime(
  { header }: ReceivedMail,
  strong: readonly DkimResult[],
  nowMs: number,
): number | null {
  const signed = strong.filter((one) => covers(one, "autocrypt"));
  if (signed.length === 0) return null;
  const [date = "", ...others] = valuesOf(header, "date");
  const times = signed.map((one) => {
    if (one.signTime != null) return Date.parse(one.signTime);
    return covers(one, "date") && others.length === 0 ? Date.parse(date) : 0;
  });
  const known = times.filter((time) => Number.isFinite(time));
  return Math.min(nowMs, Math.max(0, ...known));
}

/** Over the whole mail, now, by a key that is meant for it. */
function isFit({ status, algo, ...result }: DkimResult): boolean {
  return (
    status.result === "pass" &&
    result.canonBodyLengthLimited !== true &&
    (status.underSized ?? 0) === 0 &&
    result.signatureTimeValid !== false &&
    status.testing !== true &&
    STRONG_ALGORITHMS.includes(algo?.toLowerCase() ?? "")
  );
}

function commentOf(all: readonly DkimResult[], exact: readonly DkimResult[]): string {
  const [first] = exact;
  if (first === undefined) {
    return all.some(({ signingDomain }) => signingDomain !== undefined)
      ? "only others signed it"
      : "it is not signed";
  }
  const { result, comment, policy, testing, underSized } = first.status;
  if (result !== "pass") return comment ?? (Object.values(policy ?? {}).join() || result);
  if (testing === true) return "its key is for testing";
  if (first.canonBodyLengthLimited === true || (underSized ?? 0) > 0) {
    return "it does not cover the whole mail";
  }
  return "it is too old, or its algorithm is too weak";
}

/** With pauses: in one piece, 7 MB hold up everybody for 70 ms. */
function inPieces(chunks: readonly Uint8Array[]): Readable {
  async function* pieces() {
    for (const chunk of chunks) {
      for (let at = 0; at < chunk.length; at += PIECE) {
        yield chunk.subarray(at, at + PIECE);
        await nextTurn();
      }
    }
  }
  return Readable.from(pieces(), { objectMode: false });
}

const PIECE = 64 * 1024;

function isSame(one: string | undefined, other: string): boolean {
  return one?.toLowerCase() === other.toLowerCase();
}

function textOf({ localPart, domain }: NativeAddress): string {
  return `${localPart}@${domain}`;
}
