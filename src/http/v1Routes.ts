/**
 * The service API: what a service does with the API key of its domain.
 *
 *   PUT    /v1/names/:name/profile   {address, signedUserProfile}        publish a user's profile
 *   DELETE /v1/names/:name/profile                                       take it away
 *   PUT    /v1/names/:name/records   {texts?, addresses?, abis?, ...}    the service's own records
 *   GET    /v1/names/:name                                               the name as it is served
 *   PUT    /v1/relay-nodes/:name     a DeliveryServiceProfile            register a relay node
 *   DELETE /v1/relay-nodes/:name                                         take it away
 */
import { type Request, type Response, Router, json } from "express";
import { z } from "zod";
import { parseAddress } from "../ens/address.js";
import { SignpostError } from "../errors.js";
import { domainOfApiKey } from "../registry/domains.js";
import { nodeUnderDomain } from "../registry/nameUnderDomain.js";
import { deleteProfile, publishProfile } from "../registry/publishProfile.js";
import { registerRelayNode, removeRelayNode } from "../registry/registerRelayNode.js";
import { ownRecordsSchema } from "../registry/ownRecordsSchema.js";
import { setRecords } from "../registry/setRecords.js";
import type { RegistryStores } from "../registry/store.js";
import { describeName } from "./describeName.js";

/** Any content type is taken for JSON; none is inflated, because a kilobyte can become a megabyte. */
const bodyUpTo = (limit: string) => json({ limit, inflate: false, type: () => true });

/** 16 relay nodes with the longest names. */
const profileBody = bodyUpTo("32kb");
/** All records that a name can hold at once (ownRecordsSchema.ts adds them up). */
const recordsBody = bodyUpTo("1mb");

const publicationSchema = z.strictObject({
  address: z.string().max(42),
  // its own form is checked, and explained, by the registry
  signedUserProfile: z.custom<unknown>(
    (given) => given !== undefined,
    "is missing: give {profile, signature}",
  ),
});

export function v1Routes(registry: RegistryStores): Router {
  const router = Router();
  const domainOf = new WeakMap<Request, string>();

  // every route needs an API key, and a stranger's body is not even read
  router.use(async (request, _response, next) => {
    const { name } = await domainOfApiKey(registry.domains, bearerToken(request));
    domainOf.set(request, name);
    next();
  });

  /** A route that gets the domain that the API key opens. */
  const withDomain =
    (route: (domain: string, request: Request, response: Response) => Promise<void>) =>
    async (request: Request, response: Response): Promise<void> => {
      await route(domainOf.get(request) ?? unauthenticated(), request, response);
    };

  router.put(
    "/names/:name/profile",
    profileBody,
    withDomain(async (domain, request, response) => {
      const name = nameParameter(request);
      const { address, signedUserProfile } = parseBody(publicationSchema, request.body);
      const outcome = await publishProfile(registry, {
        domain,
        name,
        address: parseAddress(address),
        signedUserProfile,
      });
      response.status(outcome === "created" ? 201 : 200).json({ name, outcome });
    }),
  );

  router.delete(
    "/names/:name/profile",
    withDomain(async (domain, request, response) => {
      await deleteProfile(registry, domain, nameParameter(request));
      response.status(204).end();
    }),
  );

  router.put(
    "/names/:name/records",
    recordsBody,
    withDomain(async (domain, request, response) => {
      const name = nameParameter(request);
      await setRecords(registry, {
        domain,
        name,
        records: parseBody(ownRecordsSchema, request.body),
      });
      response.json({ name });
    }),
  );

  router.get(
    "/names/:name",
    withDomain(async (domain, request, response) => {
      const name = nameParameter(request);
      const stored = await registry.names.nameOf(
        await nodeUnderDomain(registry.domains, name, domain),
      );
      if (!stored)
        throw new SignpostError("NOT_FOUND", `The name ${name} does not exist.`, { name });
      response.json(describeName(stored));
    }),
  );

  router.put(
    "/relay-nodes/:name",
    profileBody,
    withDomain(async (domain, request, response) => {
      const name = nameParameter(request);
      await registerRelayNode(registry, { domain, name, profile: request.body as unknown });
      response.json({ name });
    }),
  );

  router.delete(
    "/relay-nodes/:name",
    withDomain(async (domain, request, response) => {
      await removeRelayNode(registry, domain, nameParameter(request));
      response.status(204).end();
    }),
  );

  return router;
}

/** RFC 6750, section 2.1: the key travels in a header, never in a URL that logs keep. */
function bearerToken(request: Request): string {
  const token = /^Bearer +(\S+) *$/i.exec(request.get("authorization") ?? "")?.[1];
  if (token) return token;
  throw new SignpostError(
    "UNAUTHORIZED",
    "This needs the API key of a domain; send it as `Authorization: Bearer <key>`.",
  );
}

/** No request gets past the API key without its domain. */
function unauthenticated(): never {
  throw new SignpostError("INTERNAL", "A request reached a route without its API key checked.");
}

/** The first few, each with its place: a body can have tens of thousands of faults. */
function describeIssues({ issues }: z.ZodError): string {
  const described = issues.slice(0, 5).map((issue) => {
    // of a key, zod itself says only that it is invalid
    const { message } = (issue.code === "invalid_key" ? issue.issues[0] : undefined) ?? issue;
    const place = issue.path.map(String).join(".").slice(0, 100);
    return place === "" ? message : `${place} ${message}`;
  });
  return described.join("; ").slice(0, 1000);
}

function nameParameter(request: Request): string {
  return String(request.params["name"]);
}

function parseBody<T>(schema: z.ZodType<T>, body: unknown): T {
  const parsed = schema.safeParse(body ?? {});
  if (parsed.success) return parsed.data;
  throw new SignpostError(
    "INVALID_REQUEST",
    `The body is not as expected: ${describeIssues(parsed.error)}.`,
  );
}
