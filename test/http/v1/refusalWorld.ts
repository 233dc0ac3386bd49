/** A service with names in every state, and how each of its routes is asked about one of them. */
import type { AddressInfo } from "node:net";
import { type HDNodeWallet, Wallet } from "ethers";
import express from "express";
import { domainStore } from "../../../src/db/domainStore.js";
import { changeFeed } from "../../../src/db/feed/changeFeed.js";
import { domainStandings } from "../../../src/db/mirror/domainStandings.js";
import { nameStore } from "../../../src/db/nameStore.js";
import { openPool } from "../../../src/db/pool.js";
import { relayNodeList } from "../../../src/db/relayNodeList.js";
import { sourceStore } from "../../../src/db/sourceStore.js";
import { exportReader } from "../../../src/db/transfer/exportReader.js";
import { parseAddress } from "../../../src/ens/address.js";
import { parseTrustedProxies } from "../../../src/http/clientAddress.js";
import { refuse } from "../../../src/http/refuse.js";
import type { Route } from "../../../src/http/v1/route.js";
import { SERVICE_STATUS } from "../../../src/http/v1/serviceStatus.js";
import { v1Routes } from "../../../src/http/v1/v1Routes.js";
import { openScratchDatabase } from "../../../src/installation/scratchDatabase.js";
import { changeName } from "../../../src/registry/changes/changeName.js";
import { apiKeyFrom, hashApiKey, newApiKey, SCOPES } from "../../../src/registry/domains/apiKey.js";
import { NO_CHAINS } from "../../../src/registry/signed/contractWallets.js";
import { bytes } from "../../db/sampleNames.js";
import { deadUrl } from "../../lookup/loopbackServer.js";
import { profilesOf, signedAgain } from "../../registry/openRegistry.js";
import { call, operationPath, signOperation } from "../../registry/signed/signedOperations.js";
import { SERVICE_RESOLVER, signRequest, type Wish } from "../../registry/signed/signedRequests.js";
import {
  NODE_PROFILE,
  provenNode,
  signedCertificate,
  signedNetwork,
} from "../../registry/signedStatements.js";
import { fairParts } from "../fairParts.js";
import { type Answer, answerOf, API_KEY, DOMAIN, openTestService } from "../openTestService.js";

/** The service's own. */
export const PRESENT = `present.${DOMAIN}`;
export const ABSENT = `absent.${DOMAIN}`;
export const RESERVED = `reserved-fuss.${DOMAIN}`;
/** Claimed by the owner. */
export const HELD = `held.${DOMAIN}`;
/** Claimed by the owner, and suspended by the operator. */
export const SUSPENDED = `suspended.${DOMAIN}`;
/** Published by the service for a user, who has a newer profile by now. */
export const USED = `used-fuss.${DOMAIN}`;

/** A chain on which a resolver answers for the domain, and whose node is down. */
export const DEAD_CHAIN = { ...SERVICE_RESOLVER, chainId: 5n };

/** The only chain on which a resolver answers for this domain. */
export const DOMAIN_ON_DEAD_CHAIN = "dead.example.eth";

/** What differs from a request that would be carried out. */
export interface Ask {
  readonly name?: string;
  /** What a service writes. */
  readonly content?: object;
  /** What a wallet signs, and whose signature it says that this is. */
  readonly signed?: Partial<Wish> & { readonly by?: HDNodeWallet; readonly account?: string };
  /** The call data that a writer signs. */
  readonly data?: string;
  /** Instead of all that. */
  readonly body?: string;
  readonly path?: string;
  readonly apiKey?: string | null;
  readonly headers?: Record<string, string>;
  /** Of another service than the usual one. */
  readonly url?: string;
}

/** The id of none. */
const NO_KEY = "4711";

export type World = Awaited<ReturnType<typeof openWorld>>;

export async function openWorld() {
  const [owner, user, stranger] = [0, 0, 0].map(() => Wallet.createRandom());
  if (!owner || !user || !stranger) throw new Error("There are three wallets.");
  const http = await openTestService(undefined, {
    trustedProxies: parseTrustedProxies("127.0.0.1"),
    chainRpcUrls: new Map([[DEAD_CHAIN.chainId, await deadUrl()]]),
  });
  const { domains } = http.service;
  const ofOwner = { owner: parseAddress(owner.address), ownerSignsIn: true };
  await domains.changeDomain(DOMAIN, {
    ...ofOwner,
    policy: { claims: "wallets", aliases: true },
  });
  await domains.connectResolver({ ...DEAD_CHAIN, domain: DOMAIN });
  const onDeadChain = { ...DEAD_CHAIN, domain: DOMAIN_ON_DEAD_CHAIN };
  await domains.addDomain(onDeadChain, newApiKey(apiKeyFrom(bytes(32, 61))));
  await domains.changeDomain(DOMAIN_ON_DEAD_CHAIN, ofOwner);
  const [oldProfile, profile] = await profilesOf(user, 2);
  const [strangersProfile] = await profilesOf(stranger, 1);
  const published = (signedUserProfile: unknown, { address } = user) => ({
    address,
    signedUserProfile,
  });
  const keys = [...SCOPES.entries()].map(
    ([index, scope]) => [scope, apiKeyFrom(bytes(32, 50 + index))] as const,
  );
  for (const [scope, key] of keys) {
    const scopes = SCOPES.filter((one) => one !== scope);
    await domains.addApiKey(DOMAIN, newApiKey(key, { scopes }));
  }
  const limits = { changesPerMinute: 1, changesPerDay: 1 };
  await domains.addApiKey(DOMAIN, newApiKey(apiKeyFrom(bytes(32, 60)), { limits }));

  async function bodyOf(route: Route, wish: Ask): Promise<object | undefined> {
    const { name = PRESENT, content = {} } = wish;
    const { by = owner!, account = by.address, ...signed } = wish.signed ?? {};
    const sign = async (usual: Partial<Wish> & Pick<Wish, "action" | "sequence">) => ({
      ...(await signRequest(by, { domain: DOMAIN, name: wish.name ?? HELD, ...usual, ...signed })),
      signer: account,
    });
    switch (`${route.method} ${route.path}`) {
      case "put /names/:name":
      case "put /names/:name/records":
      case "put /reservations/:name":
        return content;
      case "put /names/:name/profile":
        return { ...published(strangersProfile, stranger), ...content };
      case "put /relay-nodes/:name":
        return wish.content ?? provenNode(name, null);
      case "put /networks/:name":
        return wish.content ?? signedNetwork(name, null);
      case "put /names/:name/certificates":
        return wish.content ?? signedCertificate(name);
      case "put /names/:name/suspension":
        return { reason: "spam" };
      case "put /domain/frozen":
        return { to: "https://new.example/" };
      case "post /export/names":
        return { names: [{ node: `0x${"00".repeat(32)}` }] };
      case "post /batches":
        return { atomic: true, items: [{ name, ...content }] };
      case "post /requests":
        return sign({ action: "setRecords", content: { records: { texts: {} } }, sequence: 2 });
      case "post /sessions": {
        const domain = wish.name ?? DOMAIN;
        const of = { domain, name: domain, content: { scopes: ["names:read"] } };
        return sign({ action: "openSession", sequence: 0, ...of });
      }
      case "post /histories":
        return sign({ action: "readHistory", content: {}, sequence: 0 });
      case "post /operations/:chainId/:resolver": {
        const { data = call("setText", wish.name ?? HELD, "url", "a") } = wish;
        const { deadline: expirationSec, signedFor } = signed;
        return signOperation(by, {
          data,
          ...(expirationSec !== undefined && { expirationSec }),
          ...(signedFor && { signedFor }),
        });
      }
      default:
        return undefined;
    }
  }

  let asked = 0;
  async function ask(route: Route, wish: Ask = {}): Promise<Answer> {
    const { name = PRESENT, apiKey = route.scope === null ? null : API_KEY, headers } = wish;
    const path = route.path.startsWith("/operations")
      ? operationPath(wish.signed?.signedFor ?? SERVICE_RESOLVER)
      : route.path
          .replace(":name", encodeURIComponent(name))
          .replace(":scheme", "openpgp")
          .replace(":id", NO_KEY);
    const body = wish.body ?? JSON.stringify(await bodyOf(route, wish));
    const answer = await answerOf(
      fetch(`${wish.url ?? http.url}/v1${wish.path ?? path}`, {
        method: route.method.toUpperCase(),
        headers: {
          "content-type": "application/json",
          // strangers, each from another network
          "x-forwarded-for": `198.51.${Math.floor(asked / 250)}.${asked++ % 250}`,
          ...(apiKey !== null && { authorization: `Bearer ${apiKey}` }),
          ...headers,
        },
        ...(route.body && { body }),
      }),
    );
    // others want to change it
    if (route.path === "/domain/frozen" && answer.status === 200)
      await domains.freeze(DOMAIN, null);
    return answer;
  }

  const asAdmin = { kind: "admin" } as const;
  const prepare = async (answer: Promise<Answer>) => {
    const { status, body } = await answer;
    if (status >= 400) throw new Error(JSON.stringify(body));
  };
  for (const name of [HELD, SUSPENDED]) {
    const claim = await signRequest(owner, { domain: DOMAIN, name, action: "claim", sequence: 1 });
    await prepare(http.v1("POST", "/requests", claim, null));
  }
  const suspend = { kind: "suspend", reason: "spam" } as const;
  const suspension = { domain: DOMAIN, name: SUSPENDED, actions: [suspend], authority: asAdmin };
  await changeName(http.service, suspension, Date.now);
  await prepare(http.v1("PUT", `/names/${PRESENT}`, {}));
  for (const one of [oldProfile, profile]) {
    await prepare(http.v1("PUT", `/names/${USED}/profile`, published(one)));
  }
  await prepare(http.v1("PUT", `/reservations/${RESERVED}`, { wallet: owner.address }));

  const withoutDatabase = await openBareApi("postgres://127.0.0.1:1/x");
  const emptyDatabase = await openScratchDatabase();
  const onEmptyDatabase = await openBareApi(emptyDatabase.url);
  return {
    http,
    ask,
    ...{ withoutDatabase, onEmptyDatabase },
    ...{ owner, user, stranger },
    oldProfile: published(oldProfile),
    strangersProfile: published(strangersProfile, stranger),
    /** The name gets a profile with the keys of the statements. */
    publishStatementKeys: async (name: string) => {
      const { publicEncryptionKey, publicSigningKey } = NODE_PROFILE;
      const keys = { publicEncryptionKey, publicSigningKey };
      const profile = { ...strangersProfile!.profile, ...keys };
      const signed = signedAgain(stranger, { profile, signature: "" });
      await prepare(http.v1("PUT", `/names/${name}/profile`, published(signed, stranger)));
    },
    /** A key for everything but this. */
    keyWithout: new Map(keys),
    /** A key for one change. */
    keyOfOne: apiKeyFrom(bytes(32, 60)),
    /** Sends what counts for most of what a stranger may send in a minute, from long bodies to short ones. */
    useUp: async (headers: Record<string, string>) => {
      for (const length of [1_000_000, 1_000_000, 1_000_000, 1_000_000, 500_000, 200_000, 60_000]) {
        const body = JSON.stringify("x".repeat(length));
        await fetch(`${http.url}/v1/requests`, { method: "POST", headers, body });
      }
    },
    /** Of the key for one change, everything that it may ask in a minute. */
    useUpReads: async () => {
      const pool = openPool({ url: http.databaseUrl });
      await pool.query(
        `insert into rate_limit (key, points, expire)
         select 'key ' || id || '/reads', 6000, $2 from api_key where hash = $1
         on conflict (key) do update set points = excluded.points, expire = excluded.expire`,
        [hashApiKey(apiKeyFrom(bytes(32, 60))), Date.now() + 60_000],
      );
      await pool.end();
    },
    stop: async () => {
      await http.stop();
      await withoutDatabase.stop();
      await onEmptyDatabase.stop();
      await emptyDatabase.close();
    },
  };
}

/** The routes alone, on this database. */
async function openBareApi(databaseUrl: string) {
  const pool = openPool({ url: databaseUrl });
  const registry = { names: nameStore(pool), domains: domainStore(pool) };
  const parts = { registry, contractWallets: NO_CHAINS, nowMs: Date.now };
  const nodes = relayNodeList(pool);
  const feed = changeFeed(pool);
  const exports = exportReader(pool);
  const standings = domainStandings(pool);
  const sources = sourceStore(pool);
  const kept = { nodes, feed, exports, standings, sources, keys: registry.domains };
  const routes = v1Routes({ ...parts, ...kept, ...fairParts() });
  const refusals = refuse(SERVICE_STATUS, () => undefined);
  const server = express().use("/v1", routes, refusals).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await pool.end();
    },
  };
}
