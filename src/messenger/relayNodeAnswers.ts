/** What relay nodes, and storages, answer to their users' clients, read within bounds; and what it means when they do not. */
import { isSignpostError, SignpostError } from "../errors.js";
import { foreignText } from "../fetch/foreignText.js";

/** A server of the user's own. */
export interface OwnServer {
  /** Of a relay node its ENS name; of a storage its URL. */
  readonly relayNode: string;
  /** In sentences: `relay node ds.example.eth`. */
  readonly called: string;
}

const MOST_ENVELOPES = 20_000;
const LONGEST_TOKEN = 4_096;

/** Throws UNREACHABLE for what is not JSON, or not what `read` takes. */
export function readOr<T>(server: OwnServer, text: string, read: (json: unknown) => T): T {
  try {
    return read(JSON.parse(text));
  } catch (error) {
    if (!(error instanceof SyntaxError) && !isSignpostError(error)) throw error;
    throw silent(server, "answered with something that cannot be understood");
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
export function silent(
  { relayNode, called }: OwnServer,
  what: string,
  retryAfterMs = 0,
): SignpostError {
  return new SignpostError("UNREACHABLE", `The ${called} ${what}. It is asked again later.`, {
    reason: `it ${what}`,
    relayNode,
    ...(retryAfterMs > 0 && { retryAfterMs }),
  });
}

export function tokenRefused({ relayNode, called }: OwnServer): SignpostError {
  return new SignpostError(
    "TOKEN_REFUSED",
    `The ${called} does not take the token. Sign in again.`,
    { relayNode },
  );
}

export function refused(
  { relayNode, called }: OwnServer,
  status: number,
  text: string,
): SignpostError {
  const said = foreignText(text);
  return new SignpostError(
    "RELAY_NODE_REFUSED",
    `The ${called} refused with status ${status}${said === "" ? "" : `: ${said}`}.`,
    { relayNode, status },
  );
}
