import { parseUrl } from "../dm3/profile/secureUrl.js";
import { SignpostError } from "../errors.js";
import { type AddressReach, addressReach } from "./publicAddress.js";

export interface UrlGuardOptions {
  /** Lets URLs lead to this machine, over `http:` too. For local development and the demo. */
  readonly allowLoopback?: boolean;
}

/**
 * Checks everything about a stranger's URL that shows without asking DNS: its scheme, credentials, and
 * hosts that are a literal IP address in any notation (the URL parser turns `0x7f.1` into `127.0.0.1`).
 * Throws FORBIDDEN_ADDRESS.
 */
export function guardUrl(text: string, { allowLoopback = false }: UrlGuardOptions): URL {
  const url = absoluteUrl(text);
  const host = url.hostname.replace(/^\[|\]$/g, "");
  const reach = hostReach(host);
  if (reach === "forbidden" || (reach === "loopback" && !allowLoopback)) {
    const hint = reach === "loopback" ? " (allowLoopback, --allow-loopback, would let it)" : "";
    throw forbidden(
      url,
      `${host} is not a public address${hint}`,
      "Publish a URL on a public host.",
    );
  }
  if (url.protocol === "http:" && reach !== "loopback") {
    throw forbidden(url, "it is not encrypted", "Publish an https: URL.");
  }
  return url;
}

function absoluteUrl(text: string): URL {
  const url = parseUrl(text);
  if (url === null) {
    throw new SignpostError(
      "FORBIDDEN_ADDRESS",
      "We fetch only from absolute https: URLs, and this is none. Correct the published URL.",
      { reason: "it is no absolute https: URL" },
    );
  }
  if (url.protocol !== "https:" && url.protocol !== "http:") {
    throw forbidden(url, `its scheme is ${url.protocol.slice(0, -1)}`, "Publish an https: URL.");
  }
  if (url.username !== "" || url.password !== "") {
    throw forbidden(url, "it carries a user name or password", "Publish it without them.");
  }
  return url;
}

/** A host name counts as public here; what it resolves to is the fetcher's business. */
function hostReach(host: string): AddressReach {
  const name = host.replace(/\.$/, "");
  if (name === "localhost" || name.endsWith(".localhost")) return "loopback";
  const isLiteral = host.includes(":") || /^\d+(\.\d+){3}$/.test(host);
  return isLiteral ? addressReach(host) : "public";
}

function forbidden(url: URL, reason: string, advice: string): SignpostError {
  // the origin only: paths of URLs may hold keys
  const place = url.host === "" ? url.protocol : url.origin;
  return new SignpostError(
    "FORBIDDEN_ADDRESS",
    `We do not fetch from ${place}: ${reason}. ${advice}`,
    {
      reason,
    },
  );
}
