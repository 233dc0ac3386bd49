/** Signing in by a wallet: the owner of a domain signs, and gets an API key that ends by itself. */
import { randomBytes } from "node:crypto";
import { SignpostError } from "../../errors.js";
import { sessionKeyFrom } from "../../registry/domains/apiKey.js";
import { openSession } from "../../registry/signed/openSession.js";
import { sessionSchema } from "../../wire/sessions.js";
import { signedRequestSchema } from "../../wire/signedRequestSchema.js";
import { KEY_SIGNATURE_REFUSALS } from "./refusals.js";
import { keyed, open } from "./route.js";

export const sessionRoutes = [
  open({
    method: "post",
    path: "/sessions",
    scope: null,
    summary:
      "Sign in to a domain with its owner's wallet: a signed openSession. The API key in the answer ends by itself",
    body: { schema: signedRequestSchema, mostBytes: 32 * 1024 },
    answers: { 201: sessionSchema },
    refusals: [...KEY_SIGNATURE_REFUSALS, "WRONG_SEQUENCE"],
    run: async ({ registry: { domains }, nowMs, body, response }) => {
      const apiKey = sessionKeyFrom(randomBytes(32));
      const session = await openSession(domains, body, apiKey, nowMs);
      response.status(201).set("cache-control", "no-store").json(session);
    },
  }),
  keyed({
    method: "delete",
    path: "/sessions/current",
    scope: "any",
    // whoever has used up its changes signs out all the same
    isRead: true,
    summary: "Sign out: end the session whose key this request comes with",
    answers: { 204: null },
    refusals: [],
    run: async ({ registry: { domains }, key, response }) => {
      if (key.expiresMs === null) throw noSession(key.id);
      await domains.revokeApiKey(key.domain, key.id);
      response.status(204).end();
    },
  }),
];

/** A program's key must not end by a mistake of a page. */
function noSession(id: string): SignpostError {
  return new SignpostError(
    "FORBIDDEN",
    `The API key ${id} is of no session, and does not end by signing out. To end it for good: DELETE /v1/keys/${id}.`,
    { key: id },
  );
}
