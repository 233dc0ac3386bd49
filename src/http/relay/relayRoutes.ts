/**
 * The HTTP API of dm3's delivery service, its table of contents, but for JSON-RPC (rpcListener.ts). docs/relay-api.md lists
 * where it differs from the reference, and why.
 */
import { type Request, Router } from "express";
import { assertProven, type SessionParts } from "../../accounts/session.js";
import type { Address } from "../../ens/address.js";
import { SignpostError } from "../../errors.js";
import { filtersSchema } from "../../relay/filters.js";
import type { MailboxStore, RelayAccount, RelayAccountStore } from "../../relay/store.js";
import { parseInput } from "../../wire/parseInput.js";
import { addAccountRoutes } from "../accounts/accountRoutes.js";
import type { RouteRefusals } from "../accounts/routeRefusals.js";
import { routingOn } from "../accounts/routing.js";
import type { Tokens } from "../accounts/tokens.js";
import type { ReportFailure } from "../refuse.js";
import { acknowledge, sendContact, sendIncoming } from "./mailboxAnswers.js";
import type { RelayDoor } from "./relayDoor.js";
import { ACKNOWLEDGING } from "./routeTexts.js";

export interface RelayRouteParts extends SessionParts<RelayAccount> {
  readonly accounts: RelayAccountStore;
  readonly mailboxes: MailboxStore;
  readonly tokens: Tokens;
  readonly door: RelayDoor;
  /** Told of whoever proved to be an account's owner, and how. */
  readonly onSignIn: (account: Address, request: Request) => void;
  readonly reportFailure: ReportFailure;
}

const ACKNOWLEDGEMENT_BYTES = 4 * 1024 * 1024;
const FILTER_BYTES = 512 * 1024;

/** Below the path of the profile's URL. */
export function relayRoutes(parts: RelayRouteParts): Router {
  const { accounts, mailboxes } = parts;
  const router = Router();
  const routing = routingOn(router, parts);
  const { route, forOwner, page } = routing;

  router.get("/metrics", (_request, response) => void response.status(204).end());
  addAccountRoutes(routing, parts);

  const mailbox = "/delivery/messages";
  route("get", `${mailbox}/incoming/:name`, page(sendIncoming(mailboxes)));
  route("get", `${mailbox}/:name/contact/:contact`, page(sendContact(mailboxes)));
  const acknowledging = forOwner(acknowledge(mailboxes), {
    mostBytes: ACKNOWLEDGEMENT_BYTES,
  });
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
  const setFilters = forOwner(
    async ({ address }, request, response) => {
      const filters = parseInput(filtersSchema, "The body", request.body ?? {});
      await accounts.setFilters(address, filters);
      response.json(filters);
    },
    { mostBytes: FILTER_BYTES, admit: assertProven },
  );
  route("put", "/filters/:name", setFilters);
  return router;
}

const NOT_HERE: RouteRefusals = {
  NOT_FOUND: { status: 400, body: ({ message }) => ({ error: message }) },
};
