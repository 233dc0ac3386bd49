/** A question as it goes over the wire, signed by HTTP Message Signatures (RFC 9421). */
import { randomBytes } from "node:crypto";
import { createSignatureSync } from "http-message-sig";
import type { RequestSigner } from "./signingKey.js";

/** Clocks of services are off by some seconds, and a question that took a minute has long been given up. */
export const VALID_SEC = 60;
const NONCE_BYTES = 16;

/** What a question asks of its receiver; a service needs no other header. */
const ACCEPTED = { accept: "application/json", "accept-encoding": "identity" } as const;

/**
 * The headers of `GET url`. Signed are the method and the whole URL (RFC 9421, section 2.2.1 and 2.2.2), with when it
 * was made, until when it counts, a nonce and the key's id. There is no body, and so no Content-Digest.
 * @param nowMs the clock, in milliseconds
 * @param nonce never the same twice
 */
export function signedHeaders(
  url: URL,
  signer: RequestSigner,
  nowMs: number,
  nonce = randomBytes(NONCE_BYTES).toString("base64url"),
): Readonly<Record<string, string>> {
  const created = Math.floor(nowMs / 1000);
  const { signature, signatureInput } = createSignatureSync(
    { kind: "request", method: "GET", targetUri: url.href, fields: [] },
    {
      label: "signpost",
      components: ["@method", "@target-uri"],
      parameters: {
        created,
        expires: created + VALID_SEC,
        nonce,
        keyid: signer.keyId,
      },
      signer: { algorithm: "ed25519", sign: (base) => signer.sign(base) },
    },
  );
  return { ...ACCEPTED, "signature-input": signatureInput, signature };
}

/** The same question, as somebody asks it who has no key. */
export function unsignedHeaders(): Readonly<Record<string, string>> {
  return ACCEPTED;
}
