/** ETags of names (RFC 9110): the version, quoted. */
import type { Request, Response } from "express";
import { SignpostError } from "../../errors.js";
import type { Expectation } from "../../registry/changes/expectation.js";

export function etagOf(version: bigint): string {
  return `"${version.toString()}"`;
}

/** Nothing to tell where there is no name any more. */
export function setEtag(response: Response, version: bigint | null): void {
  if (version !== null) response.setHeader("etag", etagOf(version));
}

/** What a writer expects. Throws INVALID_REQUEST for a header that we cannot hold the writer to. */
export function expectationOf(request: Request): { expected?: Expectation } {
  const match = request.get("if-match");
  const noneMatch = request.get("if-none-match");
  if (match !== undefined && noneMatch !== undefined) throw unclear();
  if (match === "*") return { expected: { kind: "present" } };
  if (match !== undefined) return { expected: { kind: "version", version: versionOf(match) } };
  if (noneMatch === "*") return { expected: { kind: "absent" } };
  if (noneMatch !== undefined) throw unclear();
  return {};
}

function versionOf(header: string): bigint {
  const version = /^"(0|[1-9][0-9]{0,18})"$/.exec(header)?.[1];
  if (version === undefined) throw unclear();
  return BigInt(version);
}

function unclear(): SignpostError {
  return new SignpostError(
    "INVALID_REQUEST",
    'A write takes one of `If-Match: "<version>"`, with the ETag of the name as it was read, `If-Match: *` and `If-None-Match: *`.',
  );
}
