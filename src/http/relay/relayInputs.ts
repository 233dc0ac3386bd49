/** What clients send to the relay node's routes. */
import type { IncomingMessage } from "node:http";
import { z } from "zod";
import { LONGEST_NAME } from "../../ens/dnsName.js";
import { notSignedIn } from "../../relay/session.js";

/** Exactly these, as the reference has it. */
export const challengeAnswer = z.strictObject({
  signature: z.string().max(200),
  challenge: z.string().max(2_000),
});

/** Clients send contacts × messages, a thousand when they start. */
const MOST_ACKNOWLEDGEMENTS = 20_000;
const HASH_CHARS = 100;

export const acknowledgements = z.object({
  acknowledgements: z
    .array(
      z.object({
        /** The sender's name, as served. */
        contactAddress: z.string().max(LONGEST_NAME),
        messageHash: z.string().max(HASH_CHARS),
      }),
    )
    .max(MOST_ACKNOWLEDGEMENTS),
});

/** The token of `Authorization: Bearer`. Throws NOT_SIGNED_IN without one. */
export function bearerOf({ headers }: IncomingMessage): string {
  const [, token] = /^Bearer (\S+)$/i.exec(headers.authorization ?? "") ?? [];
  if (token === undefined) throw notSignedIn("no-token");
  return token;
}
