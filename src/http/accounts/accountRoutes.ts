/** Who has an account, sign-up and sign-in, as dm3's clients do them. */
import type { Request } from "express";
import { accountNamed, profileNow } from "../../accounts/accountNamed.js";
import { answerChallenge } from "../../accounts/session.js";
import { signUp } from "../../accounts/signUp.js";
import type { Account, AccountStore, ChallengeStore } from "../../accounts/store.js";
import { whoIs } from "../../accounts/whoIs.js";
import { stringify } from "../../dm3/stringify.js";
import type { Address } from "../../ens/address.js";
import { SignpostError } from "../../errors.js";
import { challengeAnswer } from "./credentials.js";
import type { RouteRefusals } from "./routeRefusals.js";
import { CHALLENGE, SHOWING, SIGN_IN, SIGN_UP } from "./routeTexts.js";
import { nameOf, type Routing, type RoutingParts } from "./routing.js";

export interface AccountRouteParts<Own extends Account> extends RoutingParts<Own> {
  readonly accounts: AccountStore<Own>;
  readonly challenges: ChallengeStore;
  /** Told of whoever proved to be an account's owner, and how. */
  readonly onSignIn?: (account: Address, request: Request) => void;
  /** What is said where it differs from the relay node's. */
  readonly showing?: RouteRefusals;
}

const PROFILE_BYTES = 32 * 1024;
const ANSWER_BYTES = 8 * 1024;

export function addAccountRoutes<Own extends Account>(
  { route, withBody }: Routing<Own>,
  parts: AccountRouteParts<Own>,
): void {
  const { accounts, tokens, door, onSignIn, showing = SHOWING } = parts;
  /** The parts for somebody who has shown no token yet. */
  const forStranger = (request: Request) => {
    const directory = parts.directory.askedBy(door.questionsOf(request));
    return { ...parts, directory };
  };

  route("get", "/hello", (_request, response) => void response.send("Hello DM3"));

  route(
    "get",
    "/profile/:name",
    async (request, response) => {
      const who = await whoIs(forStranger(request).directory, nameOf(request));
      if (who === null) throw nameWithoutAddress(nameOf(request));
      const account = await accounts.accountOf(who.address);
      if (account === null) response.sendStatus(404);
      else response.type("json").send(stringify(account.signed));
    },
    showing,
  );

  const signingUp = withBody(PROFILE_BYTES, async (request, response) => {
    const isNew = () => {
      door.countAccount(request);
    };
    const stranger = forStranger(request);
    const account = await signUp(stranger, nameOf(request), request.body, isNew);
    const { publicSigningKey: signingKey } = await profileNow(stranger.directory, account);
    const { address } = account;
    response.json(await tokens.token({ address, signingKey, proof: "sign-up" }));
  });
  route("post", "/profile/:name", signingUp, SIGN_UP);

  route(
    "get",
    "/auth/:name",
    async (request, response) => {
      const { address } = await accountNamed(forStranger(request), nameOf(request));
      response.json(await tokens.challenge(address));
    },
    CHALLENGE,
  );

  const signingIn = withBody(ANSWER_BYTES, async (request, response) => {
    const given = challengeAnswer.safeParse(request.body);
    if (!given.success) {
      response.sendStatus(400);
      return;
    }
    const challenge = await tokens.readChallenge(given.data.challenge);
    const { signature } = given.data;
    const session = await answerChallenge(parts, nameOf(request), challenge, signature);
    onSignIn?.(session.address, request);
    response.json(await tokens.token(session));
  });
  route("post", "/auth/:name", signingIn, SIGN_IN);
}

function nameWithoutAddress(name: string): SignpostError {
  return new SignpostError("NOT_FOUND", `${JSON.stringify(name)} has no address in ENS.`, { name });
}
