/** Which URLs a profile may carry: for a delivery service, or as a link to the profile itself. */
import { SignpostError } from "../../errors.js";

/** Longer URLs are cut or refused by proxies and browsers. */
export const MAX_URL_CHARS = 2048;

// Written out, because the URL class repairs what it reads: it trims, drops line ends, takes "https:host" and
// turns backslashes around. Other clients would see another URL than we checked.
const ABSOLUTE_URL = /^(https?):\/\/([^/?#@\\]+)(?:[/?][^#\\]*)?$/i;
const PRINTABLE_ASCII = /^[\x21-\x7e]+$/;

/**
 * Why a text is not an absolute https URL without credentials and fragment, or null when it is one. On a
 * loopback host http is allowed too: what never leaves the machine needs no TLS.
 * @returns the rest of a sentence that begins with the name of the field
 */
export function secureUrlProblem(text: string): string | null {
  if (text.length > MAX_URL_CHARS) return `must not be longer than ${MAX_URL_CHARS} characters`;
  if (!PRINTABLE_ASCII.test(text)) {
    return "must be a URL in ASCII without spaces: write other characters in percent encoding";
  }
  if (text.includes("#")) return "must not have a fragment (#)";
  const parts = ABSOLUTE_URL.exec(text);
  const url = parts && parseUrl(text);
  if (url === null) return "must be an absolute https URL without user name and password";
  if (url.protocol !== "https:" && !isLoopbackHost(url.hostname)) {
    return "must be an https URL: http is for loopback hosts only";
  }
  return null;
}

/** Null for what is no absolute URL; not every runtime has `URL.canParse`. */
export function parseUrl(text: string): URL | null {
  try {
    return new URL(text);
  } catch {
    return null;
  }
}

/** @throws INVALID_PROFILE with the reason, when `secureUrlProblem` finds one */
export function assertSecureUrl(text: string): void {
  const problem = secureUrlProblem(text);
  if (problem !== null) throw new SignpostError("INVALID_PROFILE", `The link ${problem}.`);
}

/** @param hostname as the URL class returns it: lower case, IPv4 in four decimal parts, IPv6 in brackets */
function isLoopbackHost(hostname: string): boolean {
  return (
    hostname === "localhost" ||
    hostname === "[::1]" ||
    /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(hostname)
  );
}
