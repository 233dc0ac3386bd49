/**
 * `POST /bridge/users {"address"}`: somebody wants to write to a mail user who never wrote here. The user gets a name and keys, so that
 * any DM3 client can send; the same again changes nothing. Open to all, as the mail server itself is, within limits.
 */
import express, { type RequestHandler, type Router } from "express";
import { z } from "zod";
import { SignpostError } from "../../errors.js";
import type { ClientNetwork } from "../../http/clientAddress.js";
import type { Counter } from "../../relay/senderLimits.js";
import type { Introduce } from "./introduction.js";
import { countOfNetwork } from "./networkLimit.js";

export interface IntroductionParts {
  readonly introduce: Introduce;
  readonly counter: Counter;
  readonly networkOf: ClientNetwork;
}

/** Of one network, an hour; those who are known already count as well, so that nobody can find out who is. */
const MOST_OF_NETWORK = 60;
const LONGEST_BODY = 1_024;

const body = z.strictObject({ address: z.string().max(320) });

export function addIntroduction(router: Router, parts: IntroductionParts): void {
  router.post("/users", express.json({ limit: LONGEST_BODY, strict: true }), answer(parts));
}

function answer({ introduce, counter, networkOf }: IntroductionParts): RequestHandler {
  return async (request, response) => {
    const network = networkOf(request);
    countOfNetwork(counter, "introductions from", network, MOST_OF_NETWORK);
    const given = body.safeParse(request.body);
    if (!given.success) {
      throw new SignpostError(
        "INVALID_REQUEST",
        'Send JSON with the one field "address", such as {"address":"bob@mail.example"}.',
        { field: "address" },
      );
    }
    const introduced = await introduce(given.data.address, { is: "introduced", network });
    response.json({ ...introduced, custody: "bridge" });
  };
}
