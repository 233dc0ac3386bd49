/**
 * ETags of names (RFC 9110): the version, quoted.
 *
 * Proxies that compress change them on their way: they make them weak, `W/"7"`, and write the coding behind the version,
 * `"7-gzip"` (Apache), `"7;gzip"` (Jetty). All of these are the version 7 here, also in If-Match, which by the RFC compares
 * strong ETags only. Nothing is lost: a strong ETag tells one sequence of bytes from another, and ours never did that, it
 * tells one content of a name from another; that is the same however it was compressed. What follows a version is never
 * another version, because those are decimal numbers.
 */
const FORM = /^(?:W\/)?"(0|[1-9][0-9]{0,18})(?:[-;.][A-Za-z0-9._-]{1,20})?"$/;

export function etagOf(version: bigint | string): string {
  return `"${version.toString()}"`;
}

/** Null for what is no version's ETag. */
export function versionOfEtag(etag: string): string | null {
  return FORM.exec(etag.trim())?.[1] ?? null;
}

/** Whether If-None-Match, a list or `*`, names the version. */
export function isNamedIn(header: string, version: bigint): boolean {
  if (header.trim() === "*") return true;
  return header.split(",").some((etag) => versionOfEtag(etag) === version.toString());
}
