/**
 * The HTTP API of dm3's delivery service, its table of contents, but for JSON-RPC (rpcListener.ts). docs/relay-api.md lists
 * where it differs from the reference, and why.
 */
import { type Request, type RequestHandler, type Response, Router } from "express";
import { stringify } from "../../dm3/stringify.js";
import type { Address } from "../../ens/address.js";
import { SignpostError } from "../../errors.js";
import { filtersSchema } from "../../relay/filters.js";
import { accountNamed, profileNow } from "../../relay/participants.js";
import {
  answerChallenge,
  notSignedIn,
  type OpenSession,
  openSession,
  type SessionParts,
} from "../../relay/session.js";
import { signUp } from "../../relay/signUp.js";
import type { MailboxStore } from "../../relay/store.js";
import { whoIs } from "../../relay/whoIs.js";
import { parseInput } from "../../wire/parseInput.js";
import type { ReportFailure } from "../refuse.js";
import { acknowledge, sendContact, sendIncoming } from "./mailboxAnswers.js";
import type { RelayDoor } from "./relayDoor.js";
import { bearerOf, challengeAnswer } from "./relayInputs.js";
import { refuseRoute, type RouteRefusals } from "./routeRefusals.js";
import { ACKNOWLEDGING, CHALLENGE, SHOWING, SIGN_IN, SIGN_UP } from "./routeTexts.js";
import type { Tokens } from "./tokens.js";

export interface RelayRouteParts extends SessionParts {
  readonly mailboxes: MailboxStore;
  readonly tokens: Tokens;
  readonly door: RelayDoor;
  /** Told of whoever proved to be an account's owner, and how. */
  readonly onSignIn: (account: Address, request: Request) => void;
  readonly reportFailure: ReportFailure;
}

const PROFILE_BYTES = 32 * 1024;
const ANSWER_BYTES = 8 * 1024;
const ACKNOWLEDGEMENT_BYTES = 4 * 1024 * 1024;
const FILTER_BYTES = 512 * 1024;

type Handler = (request: Request, response: Response) => void | Promise<void>;
type OwnerHandler = (
  session: OpenSession,
  request: Request,
  response: Response,
) => void | Promise<void>;

/** Below the path of the profile's URL. */
export function relayRoutes(parts: RelayRouteParts): Router {
  const { accounts, mailboxes, tokens, door, reportFailure } = parts;
  const router = Router();
  /** The parts for somebody who has shown no token yet. */
  const forStranger = (request: Request) => {
    const directory = parts.directory.askedBy(door.questionsOf(request));
    return { ...parts, directory };
  };

  const counted =
    (handler: Handler): RequestHandler =>
    async (request, response) => {
      door.count(request);
      await handler(request, response);
    };
  const withBody =
    (mostBytes: number, handler: Handler): Handler =>
    (request, response) =>
      door.withBody(request, mostBytes, async (body) => {
        request.body = body;
        await handler(request, response);
      });
  /** For whoever the account belongs to; the token is looked at before a body is read. */
  const forOwner =
    (handler: OwnerHandler, mostBytes = 0): Handler =>
    async (request, response) => {
      const token = await tokens.readToken(bearerOf(request));
      const session = await openSession(parts, nameOf(request), token);
      const work: Handler = () => handler(session, request, response);
      await (mostBytes === 0 ? work : withBody(mostBytes, work))(request, response);
    };
  const route = (
    method: "get" | "post" | "put",
    path: string,
    handler: Handler,
    refusals: RouteRefusals = {},
  ) => router[method](path, counted(handler), refuseRoute(refusals, reportFailure));

  router.get("/hello", (_request, response) => void response.send("Hello DM3"));
  router.get("/metrics", (_request, response) => void response.status(204).end());

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
    SHOWING,
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
    parts.onSignIn(session.address, request);
    response.json(await tokens.token(session));
  });
  route("post", "/auth/:name", signingIn, SIGN_IN);

  const mailbox = "/delivery/messages";
  const page = (send: OwnerHandler) =>
    forOwner((session, request, response) =>
      door.withPage(request, response, async () => send(session, request, response)),
    );
  route("get", `${mailbox}/incoming/:name`, page(sendIncoming(mailboxes)));
  route("get", `${mailbox}/:name/contact/:contact`, page(sendContact(mailboxes)));
  const acknowledging = forOwner(acknowledge(mailboxes), ACKNOWLEDGEMENT_BYTES);
  route("post", `${mailbox}/:name/syncAcknowledgements`, acknowledging, ACKNOWLEDGING);

  // there are none here, and dm3's client asks all the same
  const noChannels = forOwner((_session, _request, response) => {
    response.json({ notificationChannels: [] });
  });
  const notifiesNobody = forOwner((_session, _request, response) => {
    response.json({ isEnabled: false });
  });
  route("get", "/notifications/global/:name", notifiesNobody);
  route("get", "/notifications/:name", noChannels);
  for (const path of ["/global/:name", "/:name", "/otp/:name", "/otp/verify/:name"]) {
    const refusing = forOwner(() => {
      throw new SignpostError("NOT_FOUND", "This relay node notifies nobody outside of DM3.");
    });
    route("post", `/notifications${path}`, refusing, NOT_HERE);
  }

  const showFilters = forOwner(({ account }, _request, response) => {
    response.json(account.filters);
  });
  route("get", "/filters/:name", showFilters);
  const setFilters = forOwner(async ({ address, proof }, request, response) => {
    if (proof !== "challenge") throw notSignedIn("invalid");
    const filters = parseInput(filtersSchema, "The body", request.body ?? {});
    await accounts.setFilters(address, filters);
    response.json(filters);
  }, FILTER_BYTES);
  route("put", "/filters/:name", setFilters);
  return router;
}

const NOT_HERE: RouteRefusals = {
  NOT_FOUND: { status: 400, body: ({ message }) => ({ error: message }) },
};

function nameOf({ params }: Request): string {
  return String(params["name"]);
}

function nameWithoutAddress(name: string): SignpostError {
  return new SignpostError("NOT_FOUND", `${JSON.stringify(name)} has no address in ENS.`, { name });
}
