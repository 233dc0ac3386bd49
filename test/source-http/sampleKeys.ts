import { createPrivateKey } from "node:crypto";
import { requestSigner } from "../../src/source-http/signingKey.js";

/** test-key-ed25519 of RFC 9421, appendix B.1.4, as `newSigningKey` makes them: in the RFC, for everybody. */
export const RFC_KEY = "MC4CAQAwBQYDK2VwBCIEIJ+DYvh6SEqVTm50DFtMDoQikTmiCqirVv9mWG9qfSnF";
export const rfcSigner = requestSigner(RFC_KEY);

/** The key of RFC 8037, appendix A.1. */
export const JWK_KEY = createPrivateKey({
  format: "jwk",
  key: {
    kty: "OKP",
    crv: "Ed25519",
    d: "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A",
    x: "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo",
  },
})
  .export({ type: "pkcs8", format: "der" })
  .toString("base64");
