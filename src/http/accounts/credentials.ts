/** How clients show who they are. */
import type { IncomingMessage } from "node:http";
import { z } from "zod";
import { notSignedIn } from "../../accounts/session.js";

/** Exactly these, as the reference has it. */
export const challengeAnswer = z.strictObject({
  signature: z.string().max(200),
  challenge: z.string().max(2_000),
});

/** The token of `Authorization: Bearer`. Throws NOT_SIGNED_IN without one. */
export function bearerOf({ headers }: IncomingMessage): string {
  const [, token] = /^Bearer (\S+)$/i.exec(headers.authorization ?? "") ?? [];
  if (token === undefined) throw notSignedIn("no-token");
  return token;
}
