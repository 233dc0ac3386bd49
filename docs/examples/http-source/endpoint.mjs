// A service's endpoint for Signpost, with express: docs/source-http.md says what it has to answer.
import { createPublicKey, verify } from "node:crypto";
import express from "express";
import { isSignatureError, verifySignature } from "http-message-sig";

/**
 * @param publicUrl the endpoint as Signpost has it: what stands in your proxy's access log, not what the proxy asks you
 * @param publicKey the JWK that `signpost source add` printed
 * @param findUser your query: { wallet, profile, texts }, or null when there is no such user. It throws when the
 *   database does: express then answers 500, and nobody takes that for a user who is gone.
 * @param now the clock, in seconds; for tests
 */
export function signpostEndpoint({ publicUrl, publicKey, findUser, now }) {
  const { origin, pathname } = new URL(publicUrl);
  const key = createPublicKey({ key: publicKey, format: "jwk" });
  const verifier = {
    algorithm: "ed25519",
    verify: (bytes, signature) => verify(null, bytes, key, signature),
  };

  /** Throws when Signpost did not sign exactly this request within the last minute. */
  async function checkSignature({ method, originalUrl, headers }) {
    await verifySignature(
      {
        kind: "request",
        method,
        // the origin is ours to know: the Host header is whatever the client wrote there
        targetUri: origin + originalUrl,
        fields: ["signature", "signature-input"].map((name) => ({
          name,
          value: headers[name] ?? "",
        })),
      },
      {
        label: "signpost",
        policy: {
          algorithms: ["ed25519"],
          requiredComponents: ["@method", "@target-uri"],
          requiredParameters: ["created", "expires", "nonce", "keyid"],
          maxAge: 60,
          clockSkew: 30,
          now: now?.(),
        },
        resolveVerifier: ({ parameters }) => {
          if (parameters.keyid !== publicKey.kid) throw new Error("signed with another key");
          return verifier;
        },
      },
    );
  }

  const router = express.Router();
  router.get(`${pathname}/:label`, async (request, response) => {
    try {
      await checkSignature(request);
    } catch (error) {
      if (!isSignatureError(error)) throw error;
      response.status(401).json({ error: "NOT_SIGNED_BY_SIGNPOST" });
      return;
    }
    const { label } = request.params;
    const user = await findUser(label);
    if (user === null) response.status(404).json({ label, error: "NO_SUCH_USER" });
    else response.json({ label, ...user });
  });
  return router;
}
