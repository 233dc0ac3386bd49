/**
 * Everything that Signpost is for, on one machine, with real parts: a chain with ENS, a Postgres, the service,
 * a resolver, and a service's users with signed profiles. The demo shows it, the end-to-end tests use it.
 */
import { randomBytes } from "node:crypto";
import { Wallet } from "ethers";
import { adminPage, startAdminPage } from "../capabilities/admin-page/adminPage.js";
import { lookupPage, startLookupPage } from "../capabilities/lookup-page/lookupPage.js";
import {
  type RegistryService,
  startRegistryService,
} from "../capabilities/registry/registryService.js";
import { startStatus, status } from "../capabilities/status/status.js";
import { deployResolver, gatewayUrls } from "../chain/deployResolver.js";
import { checksumAddress, parseAddress } from "../ens/address.js";
import type { SignpostError } from "../errors.js";
import { localGatewaySigner } from "../gateway/gatewaySigner.js";
import { openScratchDatabase } from "../installation/scratchDatabase.js";
import { addDomain } from "../registry/access/addDomain.js";
import { apiKeyFrom } from "../registry/domains/apiKey.js";
import { createProfile } from "../wallet/createProfile.js";
import { askJson } from "./askJson.js";
import { type DemoRelayNode, startRelayNode } from "./demoRelayNode.js";
import { type DemoStorage, startDemoStorage } from "./demoStorage.js";
import { DM3_DOMAINS, DM3_ENS_REGISTRY } from "./dm3Client.js";
import { type LocalChain, startLocalChain } from "./localChain.js";
import { deployLocalEns, type LocalEns } from "./localEns.js";
import { relayNodeProfile, type Writer } from "./people.js";

export const DOMAIN = "users.example.eth";
export const RELAY_NODES = [`relay.${DOMAIN}`, `fallback-relay.${DOMAIN}`] as const;
/** Registered, and nobody's yet: to practise on, with a resolver and a service of one's own. */
const PRACTICE_DOMAIN = "app.example.eth";
const USERS = ["alice", "bob", "carol"] as const;

const VALIDITY_SEC = 240;
/** Whoever tries something does not wait for minutes. */
const NODE_CHECK_MS = 20_000;
const MAX_VALIDITY_SEC = 900;

export interface DemoOptions {
  /** 0 takes free ones. */
  readonly rpcPort: number;
  readonly httpPort: number;
  /** A Postgres to use a schema of, or undefined for a throw-away one. */
  readonly databaseUrl: string | undefined;
  /** Whether relay nodes run behind their names, for messages; by default they are only published. */
  readonly withRelayNodes?: boolean;
  /** Whether dm3's own web client can be pointed at it, and its users sign up; by default not. */
  readonly forDm3Client?: boolean;
  /** Told of each step when it is done. */
  readonly onStep: (step: string, facts: Readonly<Record<string, string>>) => void;
  readonly reportFailure: (error: SignpostError) => void;
}

export interface DemoWorld {
  readonly chain: LocalChain;
  readonly ens: LocalEns;
  readonly service: RegistryService;
  /** Of the service. */
  readonly databaseUrl: string;
  readonly resolver: string;
  readonly apiKey: string;
  /** Those that run. */
  readonly relayNodes: readonly DemoRelayNode[];
  /** For dm3's own web client; null without it. */
  readonly storage: DemoStorage | null;
  readonly people: readonly Writer[];
  stop(): Promise<void>;
}

export async function startDemoWorld(options: DemoOptions): Promise<DemoWorld> {
  const { onStep, forDm3Client = false } = options;
  const chain = await startLocalChain(options.rpcPort);
  const ens = await deployLocalEns(chain.admin, forDm3Client ? DM3_ENS_REGISTRY : undefined);
  onStep("A chain with ENS", { rpc: chain.rpcUrl, registry: ens.registry });

  const database = await openScratchDatabase(options.databaseUrl);
  const signer = localGatewaySigner(randomBytes(32));
  const service = await startRegistryService({
    databaseUrl: database.url,
    signer,
    validitySec: VALIDITY_SEC,
    host: "127.0.0.1",
    port: options.httpPort,
    chainRpcUrls: new Map([[chain.chainId, chain.rpcUrl]]),
    reportFailure: options.reportFailure,
    nodeWatch: { intervalMs: NODE_CHECK_MS, allowLoopback: true },
    dm3Domains: forDm3Client ? DM3_DOMAINS : null,
    beside: [
      { capability: status, start: startStatus },
      { capability: lookupPage, start: startLookupPage },
      { capability: adminPage, start: startAdminPage },
    ],
  });
  const gatewaySigner = checksumAddress(signer.address);
  onStep("The service, on Postgres", { url: service.url, gatewaySigner });

  const resolver = await deployResolver(chain.admin, {
    owner: await chain.admin.getAddress(),
    gatewaySigners: [gatewaySigner],
    gatewayOrigins: [service.url],
    maxValiditySec: MAX_VALIDITY_SEC,
  });
  await ens.setResolver(DOMAIN, resolver);
  await ens.setResolver(PRACTICE_DOMAIN, `0x${"00".repeat(20)}`);
  const apiKey = apiKeyFrom(randomBytes(32));
  const served = { domain: DOMAIN, chainId: chain.chainId, resolver: parseAddress(resolver) };
  await addDomain(service.domains, served, apiKey);
  await service.domains.changeDomain(DOMAIN, { ownerSignsIn: true });
  onStep(`The resolver of ${DOMAIN}`, {
    address: resolver,
    url: gatewayUrls(service.url, chain.chainId, resolver)[0],
  });

  if (forDm3Client) {
    for (const domain of Object.values(DM3_DOMAINS)) {
      await ens.setResolver(domain, resolver);
      await addDomain(service.domains, { ...served, domain }, apiKeyFrom(randomBytes(32)));
    }
    await service.domains.changeDomain(DM3_DOMAINS.addresses, { policy: { addressNames: true } });
    await service.domains.changeDomain(DM3_DOMAINS.names, { policy: { claims: "wallets" } });
    onStep("Domains where dm3's users sign up", DM3_DOMAINS);
  }

  const { reportFailure } = options;
  const place = { chain, ens, databaseUrl: database.url, reportFailure };
  const storage = forDm3Client ? await startDemoStorage(place) : null;
  if (storage) onStep("A storage for their conversations", { url: storage.url });

  const relayNodes: DemoRelayNode[] = [];
  for (const name of RELAY_NODES) {
    const node = options.withRelayNodes ? await startRelayNode(name, place) : null;
    if (node) relayNodes.push(node);
    const profile =
      node?.profile ?? relayNodeProfile(`https://${name.split(".")[0] ?? ""}.example/dm3`);
    await put(`${service.url}/v1/relay-nodes/${name}`, apiKey, profile);
    onStep(`Relay node ${name}`, { url: profile.url });
  }

  const people = [];
  for (const label of USERS) {
    const person = {
      name: `${label}.${DOMAIN}`,
      ...(await createProfile(Wallet.createRandom(), RELAY_NODES)),
    };
    const { address, signedUserProfile } = person;
    await put(`${service.url}/v1/names/${person.name}/profile`, apiKey, {
      address,
      signedUserProfile,
    });
    people.push(person);
    onStep(`User ${person.name}`, { wallet: address });
  }

  return {
    chain,
    ens,
    service,
    databaseUrl: database.url,
    resolver,
    apiKey,
    relayNodes,
    storage,
    people,
    stop: async () => {
      await storage?.remove();
      for (const node of relayNodes) await node.remove();
      await service.stop();
      await database.close();
      await chain.stop();
    },
  };
}

/** What an outside client needs, in the form of `.signpost/demo.json`. */
export function connectionDetails({ chain, ens, service, resolver, apiKey, people }: DemoWorld) {
  return {
    rpcUrl: chain.rpcUrl,
    chainId: Number(chain.chainId),
    ensRegistry: ens.registry,
    universalResolver: ens.universalResolver,
    resolver,
    gatewayUrl: gatewayUrls(service.url, chain.chainId, resolver)[0],
    apiUrl: service.url,
    domain: DOMAIN,
    practiceDomain: PRACTICE_DOMAIN,
    names: people.map(({ name, address }) => ({ name, address })),
    relayNode: RELAY_NODES[0],
    apiKey,
  };
}

/** Looks a name up in a browser: the page of the demo's own service. */
export function lookupPageUrl({ chain, ens, service }: DemoWorld, name: string): string {
  const { registry: ensRegistry, universalResolver } = ens;
  const link = new URLSearchParams({ name, rpc: chain.rpcUrl, ensRegistry, universalResolver });
  return `${service.url}/lookup#${link.toString()}`;
}

/** As any service would: over HTTP, with its API key. */
async function put(url: string, apiKey: string, body: unknown): Promise<void> {
  await askJson(url, {
    method: "PUT",
    headers: { authorization: `Bearer ${apiKey}`, "content-type": "application/json" },
    body: JSON.stringify(body),
  });
}
