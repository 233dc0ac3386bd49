/** Conditional requests (RFC 9110) by the ETags of names. */
import type { Request, Response } from "express";
import { SignpostError } from "../../errors.js";
import type { Expectation } from "../../registry/changes/expectation.js";
import { etagOf, isNamedIn, versionOfEtag } from "../../wire/etag.js";

/** Nothing to tell where there is no name any more. */
export function setEtag(response: Response, version: bigint | null): void {
  if (version !== null) response.setHeader("etag", etagOf(version));
}

/** Whether the reader has this version already (If-None-Match). */
export function hasVersion(request: Request, version: bigint): boolean {
  const noneMatch = request.get("if-none-match");
  return noneMatch !== undefined && isNamedIn(noneMatch, version);
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
  const version = versionOfEtag(header);
  if (version === null) throw unclear();
  return BigInt(version);
}

function unclear(): SignpostError {
  return new SignpostError(
    "INVALID_REQUEST",
    'A write takes one of `If-Match: "<version>"`, with the ETag of the name as it was read, `If-Match: *` and `If-None-Match: *`.',
  );
}
