/** What an endpoint is asked once, before a domain depends on it. */
import { randomBytes } from "node:crypto";
import type { HttpSource } from "./httpSource.js";

/** What is no failure, but hardly meant. */
export type EndpointFinding =
  /** It answers without our signature: anybody may read it who finds its URL. */
  | "UNSIGNED_ANSWERED"
  /** It has a user with a name that we made up. */
  | "EVERYBODY_EXISTS";

/**
 * Asks for a user that cannot exist: that shows the way there, the key, and the *no* of the service, which a proxy's own
 * 404 must not be taken for. Then the same without a signature.
 * @throws SOURCE_UNAVAILABLE when the service says neither yes nor no as documented
 */
export async function checkEndpoint(source: HttpSource): Promise<readonly EndpointFinding[]> {
  const label = `signpost-check-${randomBytes(8).toString("hex")}`;
  const row = await source.rowOf(label);
  const { kind } = await source.answerUnsigned(label);
  return [
    ...(row !== null ? (["EVERYBODY_EXISTS"] as const) : []),
    ...(kind === "unknown" ? [] : (["UNSIGNED_ANSWERED"] as const)),
  ];
}
