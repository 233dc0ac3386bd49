/** Why an endpoint said neither yes nor no: SOURCE_UNAVAILABLE, with one of these as its `reason`. */
import { isSignpostError, SignpostError } from "../errors.js";
import type { DomainSource } from "../registry/domains/domain.js";

/** What a service answers that does not have our key. */
export const SIGNATURE_REFUSED = "signature refused (HTTP 401)";

export type EndpointFault =
  | "forbidden address"
  | "not reached"
  | "no complete answer in time"
  | "redirect"
  | "answer too large"
  | typeof SIGNATURE_REFUSED
  | `HTTP ${number}`
  | "HTTP 404 without NO_SUCH_USER"
  | "compressed answer"
  | "answer not of type application/json"
  | "answer not as documented"
  | "answer for another label"
  | "too many questions under way";

/** The fault that an exchange failed with. Errors that are no server's fault are thrown on. */
export function faultOf(error: unknown): EndpointFault {
  if (isSignpostError(error, "FORBIDDEN_ADDRESS")) return "forbidden address";
  if (isSignpostError(error, "TOO_LARGE")) return "answer too large";
  if (!isSignpostError(error, "UNREACHABLE")) throw error;
  if (typeof error.details["status"] === "number") return "redirect";
  return isTimeout(error.cause) ? "no complete answer in time" : "not reached";
}

function isTimeout(cause: unknown): boolean {
  return (
    cause instanceof Error &&
    (cause.name === "TimeoutError" || cause.name === "ConnectTimeoutError")
  );
}

/** The connection was closed before any answer: what an idle one ends with when the server restarts. */
export function isClosedConnection(error: unknown): boolean {
  if (!isSignpostError(error, "UNREACHABLE")) return false;
  const { code } = (error.cause ?? {}) as { readonly code?: unknown };
  return code === "UND_ERR_SOCKET" || code === "ECONNRESET" || code === "EPIPE";
}

/** @param origin of the endpoint: never its path, which may hold a key */
export function unavailable(
  { id, domain }: DomainSource,
  origin: string,
  fault: EndpointFault,
  cause?: unknown,
): SignpostError<"SOURCE_UNAVAILABLE"> {
  const told = isSignpostError(cause) ? cause.details["reason"] : undefined;
  const why = typeof told === "string" && told !== fault ? `${fault}: ${told}` : fault;
  return new SignpostError(
    "SOURCE_UNAVAILABLE",
    `The endpoint ${origin} behind ${domain} could not be asked (${why}). ${ADVICE[fault] ?? "docs/source-http.md says what it has to answer."}`,
    { source: id, domain, reason: fault },
    { cause },
  );
}

const ADVICE: Readonly<Partial<Record<EndpointFault, string>>> = {
  "forbidden address": "Use a public https: URL, or name the private network that it is in.",
  "not reached": "Check that it runs and can be reached from here.",
  "no complete answer in time": "Find out why it is slow.",
  "too many questions under way": "Find out why it is slow.",
  [SIGNATURE_REFUSED]: "Check that it has the public key of this source, and its clock.",
};
