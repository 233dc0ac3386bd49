/**
 * Web Key Directory (draft-koch-openpgp-webkey-service): a certificate by its address, from the address's own domain. The first form
 * is asked, and the second only where the host of the first does not exist.
 */
import { sha1 } from "@noble/hashes/legacy.js";
import { encodeBits } from "../../../dm3/bitText.js";
import { isSignpostError, SignpostError } from "../../../errors.js";
import type { FetchAnswer, Fetcher } from "../../../fetch/fetcher.js";
import { parseNativeAddress } from "../../../messaging/address/nativeAddress.js";
import { addressesOf, LARGEST_CERTIFICATE, readCertificates } from "./certificate.js";

const ZBASE32 = "ybndrfg8ejkmcpqxot1uwisza345h769";
const MOST_CERTIFICATES = 4;
const TIMEOUT_MS = 10_000;

/** 32 digits: zbase32 of the SHA-1 of the local part in lower case (section 3.1). */
export function wkdHash(localPart: string): string {
  return encodeBits(sha1(new TextEncoder().encode(localPart.toLowerCase())), ZBASE32);
}

export interface WkdUrls {
  readonly advanced: string;
  readonly direct: string;
}

/** @throws INVALID_REQUEST for an address that is none */
export function wkdUrls(address: string): WkdUrls {
  const { localPart, domain } = parseNativeAddress(address, "mail");
  const file = `hu/${wkdHash(localPart)}?l=${encodeURIComponent(localPart)}`;
  const folder = "/.well-known/openpgpkey";
  return {
    advanced: `https://openpgpkey.${domain}${folder}/${domain}/${file}`,
    direct: `https://${domain}${folder}/${file}`,
  };
}

/**
 * The certificate of exactly this address; null where its domain publishes none. In a browser nobody can tell whether a host
 * exists, so only the advanced form is asked there.
 * @returns binary
 * @throws UNREACHABLE where it could not be found out; UNUSABLE_CERTIFICATE where what is published cannot be read or checked;
 *   INVALID_CONFIGURATION where a library is missing; INVALID_REQUEST for an address that is none
 */
export async function lookUpByWkd(
  address: string,
  { fetcher, timeoutMs = TIMEOUT_MS }: { readonly fetcher: Fetcher; readonly timeoutMs?: number },
): Promise<Uint8Array | null> {
  const { advanced, direct } = wkdUrls(address);
  const maxBytes = MOST_CERTIFICATES * LARGEST_CERTIFICATE;
  const ask = (url: string) => fetcher({ url, method: "GET", maxBytes, timeoutMs });
  let answer: FetchAnswer;
  try {
    answer = await ask(advanced);
  } catch (error) {
    if (!hasNoHost(error)) throw error;
    answer = await ask(direct).catch((second: unknown) => {
      if (hasNoHost(second)) return NOTHING;
      throw second;
    });
  }
  if (answer.status === 404) return null;
  if (answer.status !== 200) {
    throw new SignpostError(
      "UNREACHABLE",
      `The key directory of ${address} answered with HTTP status ${answer.status}. Try it later.`,
      { reason: `it answered with HTTP status ${answer.status}` },
    );
  }
  return certificateFor(address.toLowerCase(), answer.body);
}

const NOTHING: FetchAnswer = { status: 404, contentType: null, body: new Uint8Array() };

/** Null where none has a user id that is exactly the address. */
async function certificateFor(address: string, body: Uint8Array): Promise<Uint8Array | null> {
  for (const key of (await readCertificates(body)).slice(0, MOST_CERTIFICATES)) {
    if ((await addressesOf(key)).includes(address)) return key.write();
  }
  return null;
}

/** Whether DNS said that there is no such host, by the code of Node. */
function hasNoHost(error: unknown): boolean {
  if (!isSignpostError(error, "UNREACHABLE")) return false;
  let cause: unknown = error;
  for (let depth = 0; depth < 5 && cause instanceof Error; depth++) {
    if ("code" in cause && cause.code === "ENOTFOUND") return true;
    ({ cause } = cause);
  }
  return false;
}
