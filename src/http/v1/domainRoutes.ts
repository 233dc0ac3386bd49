/** The domain itself: its policy and resolvers, suspended and reserved names. */
import { toHex } from "../../abi/hex.js";
import { checksumAddress, parseAddress } from "../../ens/address.js";
import { SignpostError } from "../../errors.js";
import { nameUnderDomain } from "../../registry/changes/nameUnderDomain.js";
import type { Reservation } from "../../registry/domains/reservation.js";
import {
  domainSchema,
  frozenForSchema,
  frozenSchema,
  reservationSchema,
  reservationsPageSchema,
} from "../../wire/domain.js";
import {
  frozenForQuery,
  frozenInputSchema,
  reservationInputSchema,
  reservationsQuery,
  suspensionSchema,
} from "../../wire/domainInput.js";
import { outcomeSchema } from "../../wire/outcome.js";
import { nameParameter } from "./nameParameter.js";
import { describeOutcome } from "./outcome.js";
import { CHANGE_REFUSALS } from "./refusals.js";
import { keyed } from "./route.js";
import { changeAsService } from "./serviceChange.js";

export const domainRoutes = [
  keyed({
    method: "get",
    path: "/domain",
    scope: "names:read",
    summary: "The domain of the key, its policy, its aliases, and the resolvers that answer for it",
    answers: { 200: domainSchema },
    refusals: [],
    run: async ({ registry: { domains }, key, response }) => {
      const { domain } = await nameUnderDomain(domains, key.domain, key.domain);
      const { name, owner, ownerSignsIn, policy, frozen } = domain;
      const resolvers = (await domains.resolversOf(name)).map(({ chainId, resolver }) => ({
        chainId: chainId.toString(),
        resolver: toHex(resolver),
      }));
      const aliases = (await domains.aliases()).filter((one) => one.domain === name);
      response.json({
        ...{ domain: name, owner: owner && checksumAddress(owner), policy, resolvers },
        aliasDomains: aliases.map(({ alias }) => alias),
        ...{ frozen, ownerSignsIn },
      });
    },
  }),
  keyed({
    method: "put",
    path: "/domain/frozen",
    scope: "domain:admin",
    summary:
      "Let nobody change the domain here from now on, and send writers to another service: what a mirror asks that becomes the primary",
    body: { schema: frozenInputSchema, mostBytes: 32 * 1024 },
    answers: { 200: frozenSchema },
    refusals: ["DOMAIN_FROZEN"],
    run: async ({ registry: { domains }, key, body, response }) => {
      if (key.expiresMs !== null) throw takesLastingKey(key.id);
      await domains.fence(key.domain, body);
      response.json({ domain: key.domain, frozen: { to: body.to } });
    },
  }),
  keyed({
    method: "get",
    path: "/domain/frozen",
    scope: "domain:admin",
    summary: "Whether the domain is frozen for a mirror: what that one asks before it takes over",
    query: frozenForQuery,
    answers: { 200: frozenForSchema },
    refusals: [],
    run: async ({ registry: { domains }, key, query: { by }, response }) => {
      const isFrozenFor = by !== null && (await domains.isFencedBy(key.domain, by));
      response.json({ domain: key.domain, isFrozenFor });
    },
  }),
  keyed({
    method: "put",
    path: "/names/:name/suspension",
    scope: "domain:admin",
    isConditional: true,
    summary:
      "Suspend a name, also one that is held by its owner: it is answered like an absent one",
    body: { schema: suspensionSchema, mostBytes: 32 * 1024 },
    answers: { 200: outcomeSchema },
    refusals: [...CHANGE_REFUSALS, "NOT_FOUND"],
    run: async (call) => {
      const { reason } = call.body;
      const outcome = await changeAsService(call, [{ kind: "suspend", reason }]);
      call.response.json(describeOutcome(nameParameter(call.request), outcome));
    },
  }),
  keyed({
    method: "delete",
    path: "/names/:name/suspension",
    scope: "domain:admin",
    isConditional: true,
    summary: "Serve a suspended name again",
    answers: { 200: outcomeSchema },
    refusals: [...CHANGE_REFUSALS, "NOT_FOUND"],
    run: async (call) => {
      const outcome = await changeAsService(call, [{ kind: "unsuspend" }]);
      call.response.json(describeOutcome(nameParameter(call.request), outcome));
    },
  }),
  keyed({
    method: "get",
    path: "/reservations",
    scope: "domain:admin",
    summary: "The reserved names of the domain, in pages",
    query: reservationsQuery,
    answers: { 200: reservationsPageSchema },
    refusals: [],
    run: async ({ registry, key, query, response }) => {
      const { after, limit } = query;
      const { items, next } = await registry.domains.reservationsOf(key.domain, after, limit);
      response.json({ reservations: items.map(describeReservation), next });
    },
  }),
  keyed({
    method: "put",
    path: "/reservations/:name",
    scope: "domain:admin",
    summary: "Keep a name from wallets, or for one wallet, for good or until a time",
    body: { schema: reservationInputSchema, mostBytes: 32 * 1024 },
    answers: { 200: reservationSchema },
    refusals: ["INVALID_NAME", "NAME_TAKEN", "NAME_RESERVED", "DOMAIN_FROZEN"],
    run: async ({ registry: { domains }, nowMs, key, request, body, response }) => {
      const { name } = await nameUnderDomain(domains, nameParameter(request), key.domain);
      assertNotOver(body.untilMs, nowMs());
      const wallet = body.wallet === null ? null : parseAddress(body.wallet);
      const reservation = { domain: key.domain, name, wallet, untilMs: body.untilMs };
      await domains.reserve(reservation);
      response.json(describeReservation(reservation));
    },
  }),
  keyed({
    method: "delete",
    path: "/reservations/:name",
    scope: "domain:admin",
    summary: "Give a reserved name free",
    answers: { 204: null },
    refusals: ["INVALID_NAME", "NOT_FOUND", "DOMAIN_FROZEN"],
    run: async ({ registry: { domains }, key, request, response }) => {
      const { name } = await nameUnderDomain(domains, nameParameter(request), key.domain);
      if (!(await domains.removeReservation(key.domain, name))) {
        throw new SignpostError("NOT_FOUND", `The name ${name} is not reserved.`, { name });
      }
      response.status(204).end();
    },
  }),
];

/** For good, and by a program of another installation: no wallet takes a domain away by one signature. */
function takesLastingKey(id: string): SignpostError {
  return new SignpostError(
    "FORBIDDEN",
    "A session freezes no domain for a mirror. Use an API key with domain:admin that the operator made (`signpost key add`).",
    { key: id },
  );
}

/** Such as Unix time in seconds, which lies in 1970: the name would be anybody's, without a word. */
function assertNotOver(untilMs: number | null, nowMs: number): void {
  if (untilMs === null || untilMs > nowMs) return;
  throw new SignpostError(
    "INVALID_REQUEST",
    `untilMs is over already (${new Date(untilMs).toISOString()}); give Unix time in milliseconds, or leave it out to reserve the name for good.`,
  );
}

function describeReservation({ name, wallet, untilMs }: Reservation) {
  return { name, wallet: wallet && checksumAddress(wallet), untilMs };
}
