/** What relay nodes answer to their users' clients, read within bounds; and what it means when they do not. */
import { isSignpostError, SignpostError } from "../errors.js";
import { foreignText } from "../fetch/foreignText.js";

const MOST_ENVELOPES = 20_000;
const LONGEST_TOKEN = 4_096;

/** Throws UNREACHABLE for what is not JSON, or not what `read` takes. */
export function readOr<T>(relayNode: string, text: string, read: (json: unknown) => T): T {
  try {
    return read(JSON.parse(text));
  } catch (error) {
    if (!(error instanceof SyntaxError) && !isSignpostError(error)) throw error;
    throw silent(relayNode, "answered with something that cannot be understood");
  }
}

export function readToken(json: unknown): string {
  if (typeof json === "string" && json !== "" && json.length <= LONGEST_TOKEN) return json;
  throw new SyntaxError("no token");
}

export function readList(json: unknown): readonly unknown[] {
  if (Array.isArray(json) && json.length <= MOST_ENVELOPES) return json;
  throw new SyntaxError("no list");
}

/** No answer, or none that can be understood. */
export function silent(relayNode: string, what: string, retryAfterMs = 0): SignpostError {
  return new SignpostError(
    "UNREACHABLE",
    `The relay node ${relayNode} ${what}. It is asked again later.`,
    { reason: `it ${what}`, relayNode, ...(retryAfterMs > 0 && { retryAfterMs }) },
  );
}

export function tokenRefused(relayNode: string): SignpostError {
  return new SignpostError(
    "TOKEN_REFUSED",
    `The relay node ${relayNode} does not take the token. Sign in again.`,
    { relayNode },
  );
}

export function refused(relayNode: string, status: number, text: string): SignpostError {
  const said = foreignText(text);
  return new SignpostError(
    "RELAY_NODE_REFUSED",
    `The relay node ${relayNode} refused with status ${status}${said === "" ? "" : `: ${said}`}.`,
    { relayNode, status },
  );
}
