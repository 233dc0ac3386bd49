/**
 * The HTTP API of dm3's reference resolver, its table of contents: what stock dm3 clients call to publish a profile and
 * to choose a name. docs/dm3-api.md lists where it differs from the reference, and why.
 */
import { type Request, type RequestHandler, type Response, Router } from "express";
import { type Address, parseAddress } from "../../ens/address.js";
import { isSignpostError } from "../../errors.js";
import type { Clock } from "../../registry/changes/clock.js";
import { chooseName } from "../../registry/dm3/chooseName.js";
import { type Dm3Domains, nameChosenBy } from "../../registry/dm3/dm3Domains.js";
import { giveUpName } from "../../registry/dm3/giveUpName.js";
import { publishAddressProfile } from "../../registry/dm3/publishAddressProfile.js";
import { profileShownBy } from "../../registry/dm3/shownProfile.js";
import type { RegistryStores } from "../../registry/store.js";
import { announcedBytes, readJson } from "../body/readJson.js";
import type { ApiShares } from "../fairness/apiShares.js";
import type { Strangers } from "../fairness/strangers.js";
import type { ReportFailure } from "../refuse.js";
import { addressBody, bodyOf, deletionBody, nameBody } from "./bodies.js";
import { conferenceName } from "./conferenceName.js";
import {
  ADDRESS_REFUSALS,
  DELETION_REFUSALS,
  NAME_REFUSALS,
  READING_REFUSALS,
  type Refusals,
  refuseWith,
} from "./refusals.js";

export interface Dm3Parts {
  readonly registry: RegistryStores;
  readonly domains: Dm3Domains;
  readonly reportFailure: ReportFailure;
  /** A clock, in milliseconds of Unix time. */
  readonly nowMs: Clock;
  readonly strangers: Strangers;
  readonly shares: ApiShares;
}

/** A profile has 5 KiB at most, with sixteen relay nodes. */
const MOST_BYTES = 32 * 1024;

type Handler = (request: Request, response: Response) => void | Promise<void>;

/** Below /profile. */
export function dm3Routes({
  registry,
  domains,
  reportFailure,
  nowMs,
  strangers,
  shares,
}: Dm3Parts): Router {
  const router = Router();
  /** Counts the stranger before anything is read; the work then has its turn among those of all strangers. */
  const fair =
    (handler: Handler): RequestHandler =>
    async (request, response) => {
      await strangers.count(request);
      const tenant = strangers.tenantOf(request);
      const isPost = request.method === "POST";
      const bytes = isPost ? Math.min(announcedBytes(request, MOST_BYTES), MOST_BYTES) : 0;
      await shares.withBody(tenant, bytes, async () => {
        if (isPost) {
          const body = await readJson(request, { mostBytes: MOST_BYTES, pause: shares.pause });
          request.body = body === undefined ? {} : body;
        }
        await shares.withPlace(tenant, async () => handler(request, response));
      });
    };
  const post = (path: string, handler: Handler, refusals: Refusals) =>
    router.post(path, fair(handler), refuseWith(refusals, reportFailure));
  const get = (path: string, handler: Handler) =>
    router.get(path, fair(handler), refuseWith(READING_REFUSALS, reportFailure));

  post(
    "/address",
    async (request, response) => {
      const { address, ...body } = bodyOf(addressBody, request);
      const offered = { ...body, wallet: parseAddress(address) };
      await publishAddressProfile(registry, domains, offered, nowMs);
      response.sendStatus(200);
    },
    ADDRESS_REFUSALS,
  );

  post(
    "/name",
    async (request, response) => {
      await chooseName(registry, domains, bodyOf(nameBody, request), nowMs);
      response.sendStatus(200);
    },
    NAME_REFUSALS,
  );

  post(
    "/deleteName",
    async (request, response) => {
      await giveUpName(registry, domains, bodyOf(deletionBody, request), nowMs);
      response.sendStatus(200);
    },
    DELETION_REFUSALS,
  );

  post("/nameP", conferenceName, NAME_REFUSALS);

  get("/name/:address", async (request, response) => {
    const wallet = addressOf(request);
    const name = wallet && (await nameChosenBy(registry.names, domains, wallet));
    if (!wallet) response.status(400).end();
    else if (name === null) response.status(404).end();
    else response.json({ name });
  });

  get("/:address", async (request, response) => {
    const wallet = addressOf(request);
    const shown = wallet && (await profileShownBy(registry.names, domains, wallet));
    if (!wallet) response.status(400).end();
    else if (!shown) response.sendStatus(404);
    else response.json(shown.signed);
  });

  return router;
}

/** Null for what is no address, or one whose checksum is wrong. */
function addressOf({ params }: { params: Record<string, unknown> }): Address | null {
  try {
    return parseAddress(String(params["address"]));
  } catch (error) {
    if (isSignpostError(error, "INVALID_REQUEST")) return null;
    throw error;
  }
}
