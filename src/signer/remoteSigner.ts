/**
 * A signer behind HTTP, by a protocol of ours that docs/operations/signers.md describes:
 *
 *   GET  <url>                         200 {"address": "0x..."}      whose key it is
 *   POST <url>  {"digest": "0x..."}    200 {"signature": "0x..."}    r ‖ s ‖ v over the 32 bytes as they are
 */
import { z } from "zod";
import { fromHex, toHex } from "../abi/hex.js";
import { type Address, parseAddress } from "../ens/address.js";
import { isSignpostError, SignpostError } from "../errors.js";
import type { OpenSigner } from "./openSigner.js";
import { provenSignature, unusableSignature } from "./provenSignature.js";

/** Clients give up after 10 s, and a lookup has its database to ask as well. */
const TIMEOUT_MS = 1_500;
const MOST_BYTES = 1_024;

interface SignerRequest {
  readonly method: "GET" | "POST";
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Of the answer. */
  readonly maxBytes: number;
  /** For everything together. */
  readonly timeoutMs: number;
}

/** How a remote signer is reached: the caller's HTTP client, bound to one URL. It must not follow redirects. */
export interface SignerConnection {
  /** `scheme://host:port`, for messages. */
  readonly origin: string;
  /** Throws UNREACHABLE or TOO_LARGE when no complete answer comes; any status but a redirect is an answer. */
  send(request: SignerRequest): Promise<{ readonly status: number; readonly body: Uint8Array }>;
  close(): Promise<void>;
}

const addressAnswer = z.object({ address: z.string() });
const signatureAnswer = z.object({ signature: z.string().regex(/^0x[0-9a-fA-F]{130}$/) });

/**
 * Asks the signer for its address. From then on it must sign with that key.
 * @param token sent as `Authorization: Bearer`, or null for none
 * @throws SIGNER_UNAVAILABLE, also by `signDigest`
 */
export async function remoteSigner(
  connection: SignerConnection,
  token: string | null,
): Promise<OpenSigner> {
  const ask = (method: "GET" | "POST", body?: string) => askSigner(connection, token, method, body);
  const address = readAddress(connection.origin, await ask("GET"));
  return {
    address,
    description: `a remote signer at ${connection.origin}`,
    signDigest: async (digest) => {
      const answer = await ask("POST", JSON.stringify({ digest: toHex(digest) }));
      const { success, data } = signatureAnswer.safeParse(answer);
      if (!success) throw notOurProtocol(connection.origin, "signature");
      // `v` is not believed, but found anew
      const compact = fromHex(data.signature).subarray(0, 64);
      return provenSignature(address, digest, compact, { canonical: true });
    },
    close: () => connection.close(),
  };
}

/** The JSON that the signer answers with. */
async function askSigner(
  connection: SignerConnection,
  token: string | null,
  method: "GET" | "POST",
  body: string | undefined,
): Promise<unknown> {
  const headers = {
    accept: "application/json",
    ...(body !== undefined && { "content-type": "application/json" }),
    ...(token !== null && { authorization: `Bearer ${token}` }),
  };
  const bounds = { maxBytes: MOST_BYTES, timeoutMs: TIMEOUT_MS };
  let answer: { status: number; body: Uint8Array };
  try {
    answer = await connection.send({
      method,
      headers,
      ...bounds,
      ...(body !== undefined && { body }),
    });
  } catch (error) {
    throw noAnswer(connection.origin, error);
  }
  const { status } = answer;
  if (status === 401 || status === 403) {
    throw unusableSignature(
      "refused",
      `The signer at ${connection.origin} refuses us (HTTP ${status}). Put the token that it expects into GATEWAY_SIGNER_TOKEN_FILE.`,
    );
  }
  if (status !== 200) {
    throw unusableSignature(
      `HTTP ${status}`,
      `The signer at ${connection.origin} answered with HTTP ${status}. Look into its log.`,
    );
  }
  return parseJson(answer.body);
}

function noAnswer(origin: string, error: unknown): SignpostError {
  if (!isSignpostError(error)) throw error;
  const { reason } = error.details;
  const why = typeof reason === "string" ? reason : "it did not answer";
  return new SignpostError(
    "SIGNER_UNAVAILABLE",
    `The signer at ${origin} gave no answer: ${why}. Check that it runs and that GATEWAY_SIGNER is its final URL.`,
    { reason: "no answer" },
    { cause: error },
  );
}

function parseJson(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(body));
  } catch {
    // told by the caller: no JSON is no answer of our protocol either
    return undefined;
  }
}

function readAddress(origin: string, answer: unknown): Address {
  const { success, data } = addressAnswer.safeParse(answer);
  if (!success) throw notOurProtocol(origin, "address");
  try {
    return parseAddress(data.address);
  } catch {
    throw notOurProtocol(origin, "address");
  }
}

function notOurProtocol(origin: string, what: "address" | "signature"): SignpostError {
  return unusableSignature(
    `no ${what}`,
    `The signer at ${origin} did not answer with ${what === "address" ? "an address" : "a signature"}. docs/operations/signers.md says what Signpost asks and expects.`,
  );
}
