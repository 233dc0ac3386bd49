import { SignpostError } from "../errors.js";

const LONGEST = 1_024;

/**
 * The endpoint as an operator writes it: `https://users.example.com/signpost`. Its path may be anything; the label comes
 * behind it. Whether its address may be connected to is for who connects to say.
 * @throws INVALID_CONFIGURATION
 */
export function parseEndpoint(text: string): URL {
  const url = text.length > LONGEST || !URL.canParse(text) ? null : new URL(text);
  if (url === null || (url.protocol !== "https:" && url.protocol !== "http:")) {
    throw wrongEndpoint(`is no https: URL of at most ${LONGEST} characters`);
  }
  if (url.username !== "" || url.password !== "") {
    throw wrongEndpoint("holds a user name or password, but questions are signed instead");
  }
  if (text.includes("?") || text.includes("#")) {
    throw wrongEndpoint("has a query or fragment, but the label is the end of its path");
  }
  url.pathname = url.pathname.replace(/\/+$/, "");
  return url;
}

/** `endpoint/label`: the label is one segment of the path, percent-encoded as UTF-8 (RFC 3986, section 2.1). */
export function questionUrl(endpoint: URL, label: string): URL {
  const text = `${endpoint.href.replace(/\/$/, "")}/${encodeURIComponent(label)}`;
  const url = new URL(text);
  // no normal label is empty or "..", but if one were, the URL would lead to another place
  if (label === "" || url.href !== text) {
    throw new SignpostError("INTERNAL", "A label that is no segment of a path.");
  }
  return url;
}

function wrongEndpoint(what: string): SignpostError {
  return new SignpostError(
    "INVALID_CONFIGURATION",
    `The endpoint ${what}. Write it like https://users.example.com/signpost.`,
  );
}
