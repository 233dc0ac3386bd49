/** `dm3_getDeliveryServiceProperties`: what a relay node asks of envelopes. */
import { isSignpostError } from "../errors.js";
import type { FetchRequest } from "../fetch/fetcher.js";
import type { RelayNodeAccess } from "./relayNodeAccess.js";

export interface RelayNodeProperties {
  /** The largest envelope, in bytes; null where it does not say. */
  readonly sizeLimit: number | null;
  /** For how many days messages are kept; 0 is for ever, null where it does not say. dm3's nodes count in other units. */
  readonly messageTtlDays: number | null;
  /** Base64. Ours say which keys they have, so that a URL that leads to another node is seen; dm3's do not: null. */
  readonly publicSigningKeys: readonly unknown[] | null;
}

const MOST_BYTES = 65_536;

/** What is asked, as every fetcher takes it. @param url of the relay node's profile */
export function propertiesQuestion(url: string, timeoutMs: number): FetchRequest {
  const body = JSON.stringify({
    ...{ jsonrpc: "2.0", id: 1, method: "dm3_getDeliveryServiceProperties", params: [] },
  });
  const rpc = `${url.replace(/\/+$/, "")}/rpc`;
  return { url: rpc, method: "POST", body, timeoutMs, maxBytes: MOST_BYTES };
}

/** Null where it is no answer to that. The result is JSON text of dm3's nodes, and an object by the specification. */
export function propertiesIn(body: Uint8Array): RelayNodeProperties | null {
  try {
    const { result } = Object(JSON.parse(new TextDecoder().decode(body))) as {
      readonly result?: unknown;
    };
    if (result === undefined || result === null) return null;
    const told: unknown = typeof result === "string" ? JSON.parse(result) : result;
    const { sizeLimit, messageTTL, publicSigningKeys } = Object(told) as Readonly<
      Record<string, unknown>
    >;
    return {
      sizeLimit: countIn(sizeLimit),
      messageTtlDays: countIn(messageTTL),
      publicSigningKeys: Array.isArray(publicSigningKeys) ? publicSigningKeys : null,
    };
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

/**
 * Null where the node does not answer that.
 * @param url of the relay node's profile
 */
export async function relayNodeProperties(
  url: string,
  { fetcher, timeoutMs }: RelayNodeAccess,
): Promise<RelayNodeProperties | null> {
  try {
    return propertiesIn((await fetcher(propertiesQuestion(url, timeoutMs))).body);
  } catch (error) {
    if (isSignpostError(error, "UNREACHABLE", "TOO_LARGE", "FORBIDDEN_ADDRESS")) return null;
    throw error;
  }
}

function countIn(value: unknown): number | null {
  return typeof value === "number" && Number.isFinite(value) && value >= 0 ? value : null;
}
