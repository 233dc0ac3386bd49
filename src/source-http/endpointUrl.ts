import { SignpostError } from "../errors.js";

/** `endpoint/label`: the label is one segment of the path, percent-encoded as UTF-8 (RFC 3986, section 2.1). */
export function questionUrl(endpoint: URL, label: string): URL {
  const text = `${endpoint.href.replace(/\/+$/, "")}/${encodeURIComponent(label)}`;
  const url = new URL(text);
  // no normal label is empty or "..", but if one were, the URL would lead to another place
  if (label === "" || url.href !== text) {
    throw new SignpostError("INTERNAL", "A label that is no segment of a path.");
  }
  return url;
}
