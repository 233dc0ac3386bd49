/** A session: the API key that a domain's owner gets by a signature, and that ends by itself. */
import { SCOPES } from "./scopes.js";
import { type Infer, list, number, object, oneOf, text } from "./shape.js";

export const scope = oneOf(...SCOPES);

export const sessionSchema = object({
  domain: text,
  /** The owner that signed in, with EIP-55's capitals. */
  wallet: text,
  /** A secret that is shown this once. */
  apiKey: text,
  scopes: list(scope),
  /** Unix time in milliseconds. */
  expiresAtMs: number,
});

export type Session = Infer<typeof sessionSchema>;
