/** For each code of the service API, what to ask of a route to be refused with it. */
import { expect } from "chai";
import type { Route } from "../../../src/http/v1/route.js";
import type { ServiceCode } from "../../../src/wire/refusal.js";
import { call } from "../../registry/signed/signedOperations.js";
import { nowSec, SERVICE_RESOLVER } from "../../registry/signed/signedRequests.js";
import {
  provenNode,
  SIGNED_AT_SEC,
  signedCertificate,
  signedNetwork,
} from "../../registry/signedStatements.js";
import { type Answer, DOMAIN, NESTED_DOMAIN } from "../openTestService.js";
import {
  ABSENT,
  type Ask,
  DEAD_CHAIN,
  DOMAIN_ON_DEAD_CHAIN,
  HELD,
  PRESENT,
  RESERVED,
  SUSPENDED,
  USED,
  type World,
} from "./refusalWorld.js";

type Scene = (world: World, route: Route) => Ask | Promise<Answer>;

const ELSEWHERE = "alice.elsewhere.eth";
/** More than a stranger has left who sent long bodies. */
const MANY = 20;

const isOpen = ({ scope }: Route) => scope === null;
const isReservation = ({ path }: Route) => path.startsWith("/reservations");
/** The same name to dm3's clients, in another spelling. */
const twinOf = (name: string) => name.replace("fuss", "fuß");
/** Signed by DM3 keys for a name; null of other routes. */
function statementFor(path: string, name: string, signedAtSec = SIGNED_AT_SEC): object | null {
  if (path.startsWith("/relay-nodes")) return provenNode(name, null, signedAtSec);
  if (path.startsWith("/networks")) return signedNetwork(name, null, {}, signedAtSec);
  return path.endsWith("/certificates") ? signedCertificate(name, undefined, signedAtSec) : null;
}
const isStatement = (path: string) => statementFor(path, PRESENT) !== null;
const isOperation = ({ path }: Route) => path.startsWith("/operations");
const isSignIn = ({ path }: Route) => path === "/sessions";

export const SCENES: Readonly<Record<ServiceCode, Scene>> = {
  UNAUTHORIZED: () => ({ apiKey: null }),
  FORBIDDEN: ({ keyWithout }, { scope }) =>
    // what each key may do is refused to one alone: that of no session
    scope === null
      ? { name: ELSEWHERE }
      : scope === "any"
        ? {}
        : { apiKey: keyWithout.get(scope) ?? "" },
  LIMIT_EXCEEDED: async ({ ask, keyOfOne, useUp, useUpReads }, route) => {
    if ((route.method === "get" || route.isRead) && !isOpen(route)) {
      await useUpReads();
      return ask(route, { apiKey: keyOfOne });
    }
    if (!isOpen(route)) {
      await ask(route, { apiKey: keyOfOne });
      return ask(route, { apiKey: keyOfOne });
    }
    const wish = { headers: { "x-forwarded-for": "203.0.113.1" }, body: "{}" };
    for (;;) {
      await useUp(wish.headers);
      const some = await Promise.all(Array.from({ length: MANY }, () => ask(route, wish)));
      const refused = some.find(({ status }) => status === 429);
      if (refused) return refused;
    }
  },
  TOO_LARGE: (_world, { body }) => ({ body: `"${"x".repeat(body?.mostBytes ?? 0)}"` }),
  INVALID_REQUEST: (_world, { body, path }) => {
    if (body) return { body: "{" };
    const wrong = path.replace(":name", "%ff").replace(":id", "x");
    return { path: path.includes(":") ? wrong : `${path}?limit=x` };
  },
  INVALID_NAME: (_world, route) =>
    isOperation(route) ? { data: call("setName", HELD, "UPPER.eth") } : { name: `UPPER.${DOMAIN}` },
  NOT_FOUND: () => ({ name: ABSENT, signed: { sequence: 1 } }),
  VERSION_CONFLICT: () => ({ name: ABSENT, headers: { "if-match": '"1"' } }),
  DOMAIN_FROZEN: async ({ ask, http }, route) => {
    await http.service.domains.freeze(DOMAIN, { to: "https://elsewhere.example/" });
    const refused = await ask(route, isReservation(route) ? { name: RESERVED } : {});
    await http.service.domains.freeze(DOMAIN, null);
    return refused;
  },
  CURSOR_OUTDATED: (_world, { path }) => ({ path: `${path}?after=${"0".repeat(32)}-0` }),
  NAME_SUSPENDED: () => ({ name: SUSPENDED }),
  HELD_BY_OWNER: () => ({ name: HELD }),
  NAME_RESERVED: ({ stranger, strangersProfile }, route) => ({
    name: isReservation(route) ? twinOf(RESERVED) : RESERVED,
    content: isReservation(route) ? { wallet: stranger.address } : strangersProfile,
    signed: { action: "claim", content: {}, sequence: 1, by: stranger },
  }),
  NAME_TAKEN: ({ stranger, strangersProfile }, route) => ({
    name: isOperation(route) ? PRESENT : isReservation(route) ? twinOf(USED) : USED,
    content: isReservation(route) ? { wallet: stranger.address } : strangersProfile,
    signed: { action: "claim", content: {}, sequence: 1, by: stranger },
  }),
  INVALID_PROFILE: ({ stranger }, { path }) => ({
    name: ABSENT,
    content: isStatement(path) ? {} : { address: stranger.address, signedUserProfile: {} },
    signed: {
      action: "publishProfile",
      content: { signedUserProfile: {} },
      sequence: 1,
      by: stranger,
    },
  }),
  SUPERSEDED_PROFILE: ({ user, oldProfile }) => ({
    name: USED,
    content: oldProfile,
    signed: {
      action: "publishProfile",
      content: { signedUserProfile: oldProfile.signedUserProfile },
      sequence: 1,
      by: user,
    },
  }),
  SUPERSEDED_STATEMENT: async ({ ask, publishStatementKeys }, route) => {
    const name = `superseded-${route.path.split("/")[1] ?? ""}.${DOMAIN}`;
    if (route.path.endsWith("/certificates")) await publishStatementKeys(name);
    const newer = statementFor(route.path, name, SIGNED_AT_SEC + 1) ?? {};
    expect((await ask(route, { name, content: newer })).status).to.equal(200);
    return ask(route, { name, content: statementFor(route.path, name) ?? {} });
  },
  WRONG_SIGNER: ({ owner, stranger, strangersProfile }, { path }) => ({
    content: statementFor(path, ELSEWHERE) ?? { ...strangersProfile, address: owner.address },
    signed: { by: stranger, account: owner.address },
  }),
  WRONG_SEQUENCE: async ({ ask }, route) => {
    if (!isOperation(route) && !isSignIn(route)) return ask(route, { signed: { sequence: 9 } });
    const again: Ask = { signed: { deadline: nowSec() + 890 } };
    await ask(route, again);
    return ask(route, again);
  },
  REQUEST_EXPIRED: () => ({ signed: { deadline: nowSec() - 600 } }),
  POLICY_FORBIDS: ({ stranger }) => ({
    name: `alice.${NESTED_DOMAIN}`,
    signed: { action: "claim", domain: NESTED_DOMAIN, content: {}, sequence: 1, by: stranger },
  }),
  UNKNOWN_DOMAIN: () => ({ name: ELSEWHERE }),
  UNKNOWN_RESOLVER: () => ({ signed: { signedFor: { ...SERVICE_RESOLVER, chainId: 8453n } } }),
  FUNCTION_NOT_SUPPORTED: () => ({ data: call("setDNSRecords", HELD, "0x") }),
  INVALID_CALL_DATA: () => ({ data: call("setText", HELD, "url", "a").slice(0, -64) }),
  UNREACHABLE: ({ owner, stranger }, route) => ({
    ...(isSignIn(route) && { name: DOMAIN_ON_DEAD_CHAIN }),
    signed: { signedFor: DEAD_CHAIN, by: stranger, account: owner.address },
  }),
  DATABASE_UNAVAILABLE: ({ withoutDatabase }) => ({ url: withoutDatabase.url }),
  INTERNAL: ({ onEmptyDatabase }) => ({ url: onEmptyDatabase.url }),
  INVALID_CONFIGURATION: () => ({}),
};
