/**
 * One chain, one Postgres, and behind each resolver the gateways of one case: so that nothing has to be changed
 * between two cases, and clients can be watched side by side.
 */
import { randomBytes } from "node:crypto";
import { ContractFactory, Wallet, getCreateAddress } from "ethers";
import pg from "pg";
import { fromHex } from "../../src/abi/hex.js";
import { ownArtifact } from "../../src/chain/artifacts.js";
import { deployResolver } from "../../src/chain/deployResolver.js";
import { type ScratchDatabase, openScratchDatabase } from "../../src/db/scratchDatabase.js";
import { type LocalChain, startLocalChain } from "../../src/demo/localChain.js";
import { type LocalEns, deployLocalEns } from "../../src/demo/localEns.js";
import { signUp } from "../../src/demo/people.js";
import { encodeProfileRecord } from "../../src/dm3/profileRecord.js";
import { checksumAddress } from "../../src/ens/address.js";
import { type GatewaySigner, localGatewaySigner } from "../../src/gateway/gatewaySigner.js";
import { addDomain, apiKeyFrom } from "../../src/registry/domains.js";
import { type Service, startService } from "../../src/service.js";
import { answer, deadUrl, serve } from "../sdk/loopbackServer.js";
import {
  ALICE,
  FARMER,
  GATEWAY_STATES,
  type GatewayState,
  LONGEST_LABEL,
  REACHES,
  type Reach,
  domainOf,
} from "./clientCases.js";

/** All resolvers answer for names below it. */
const DOMAIN = "example.eth";
const VALIDITY_SEC = 240;
const MAX_VALIDITY_SEC = 900;
const HOUR_MS = 3_600_000;

/** What a client by hand has to know of a resolver; the others ask the chain. */
export interface DeployedResolver {
  readonly address: string;
  /** Whose answers it accepts, checksummed. */
  readonly trustedSigner: string;
  /** Where to POST to, in order. */
  readonly postUrls: readonly string[];
}

export interface ClientWorld {
  readonly chain: LocalChain;
  readonly ens: LocalEns;
  /** The wallet that every published name belongs to, checksummed. */
  readonly address: string;
  /** The text record that every published name has. */
  readonly profileRecord: string;
  resolverOf(gateway: GatewayState, reach: Reach): DeployedResolver;
  stop(): Promise<void>;
}

export async function startClientWorld(): Promise<ClientWorld> {
  const closing: (() => Promise<unknown>)[] = [];
  const stop = async () => {
    for (const close of closing.splice(0).reverse()) await close();
  };
  try {
    const chain = await startLocalChain();
    closing.push(() => chain.stop());
    const ens = await deployLocalEns(chain.admin);
    const gateways = await startGateways(closing);
    const resolvers = await deployResolvers(chain, ens, gateways);

    const addresses = [...resolvers.values()].map(({ address }) => address);
    const apiKey = await serveDomain(gateways.healthy, chain, addresses);
    await serveDomain(gateways.unavailable.service, chain, addresses);
    closing.push(await holdAllTables(gateways.unavailable.database));

    const { address, signedUserProfile } = await signUp([`relay.${DOMAIN}`]);
    for (const name of publishedNames()) {
      await publish(gateways.healthy, apiKey, name, { address, signedUserProfile });
    }
    return {
      chain,
      ens,
      address,
      profileRecord: encodeProfileRecord(signedUserProfile),
      resolverOf: (gateway, reach) => {
        const resolver = resolvers.get(domainOf(gateway, reach));
        if (!resolver) throw new Error(`There is no resolver of ${domainOf(gateway, reach)}.`);
        return resolver;
      },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

interface Gateways {
  readonly signer: GatewaySigner;
  readonly healthy: Service;
  /** Its database will not answer in time. */
  readonly unavailable: { readonly service: Service; readonly database: ScratchDatabase };
  /** The origins that each resolver publishes, in order. */
  readonly origins: Readonly<Record<GatewayState, readonly string[]>>;
}

async function startGateways(closing: (() => Promise<unknown>)[]): Promise<Gateways> {
  const signer = localGatewaySigner(randomBytes(32));
  const open = async () => {
    const database = await openScratchDatabase();
    closing.push(() => database.close());
    return database;
  };
  const start = async (database: ScratchDatabase, nowMs?: () => number) => {
    const service = await startService({
      databaseUrl: database.url,
      signer,
      validitySec: VALIDITY_SEC,
      host: "127.0.0.1",
      port: 0,
      // the outages here are intended; what clients see of them is what is tested
      reportFailure: () => undefined,
      ...(nowMs && { nowMs }),
    });
    closing.push(() => service.stop());
    return service;
  };
  const database = await open();
  const healthy = await start(database);
  // signs answers whose time is over for whoever has the right time
  const expired = await start(database, () => Date.now() - HOUR_MS);
  const slowDatabase = await open();
  const unavailable = { service: await start(slowDatabase), database: slowDatabase };
  const nobody = await deadUrl();
  const proxy = await serve(
    answer("<html><h1>502 Bad Gateway</h1></html>", { status: 502, type: "text/html" }),
  );
  closing.push(() => proxy.close());
  return {
    signer,
    healthy,
    unavailable,
    origins: {
      healthy: [healthy.url],
      expired: [expired.url],
      wrongSigner: [healthy.url],
      refused: [nobody],
      unavailable: [unavailable.service.url],
      proxyError: [proxy.url],
      refusedThenHealthy: [nobody, healthy.url],
      unavailableThenHealthy: [unavailable.service.url, healthy.url],
      proxyErrorThenHealthy: [proxy.url, healthy.url],
    },
  };
}

/** By the domain that each answers for. */
async function deployResolvers(chain: LocalChain, ens: LocalEns, gateways: Gateways) {
  const resolvers = new Map<string, DeployedResolver>();
  const ours = checksumAddress(gateways.signer.address);
  for (const gateway of GATEWAY_STATES) {
    const trustedSigner = gateway === "wrongSigner" ? Wallet.createRandom().address : ours;
    const origins = gateways.origins[gateway];
    for (const reach of REACHES) {
      const address =
        reach === "direct"
          ? await deployResolver(chain.admin, {
              owner: await chain.admin.getAddress(),
              gatewaySigners: [trustedSigner],
              gatewayOrigins: origins,
              maxValiditySec: MAX_VALIDITY_SEC,
            })
          : await deployFeatureless(chain, trustedSigner, origins);
      const domain = domainOf(gateway, reach);
      await ens.setResolver(domain, address);
      const postUrls = origins.map((origin) => ccipUrl(origin, chain, address));
      resolvers.set(domain, { address, trustedSigner, postUrls });
    }
  }
  return resolvers;
}

/** A resolver as there are many: without ERC-7996, with GET templates that carry the sender. */
async function deployFeatureless(
  chain: LocalChain,
  signer: string,
  origins: readonly string[],
): Promise<string> {
  const from = await chain.admin.getAddress();
  const nonce = await chain.provider.getTransactionCount(from);
  const address = getCreateAddress({ from, nonce });
  const urls = origins.map((origin) => `${ccipUrl(origin, chain, address)}/{sender}/{data}.json`);
  const { abi, bytecode } = await ownArtifact("test/FeaturelessOffchainResolver");
  const factory = new ContractFactory(abi, bytecode, chain.admin);
  await (await factory.deploy(signer, urls)).waitForDeployment();
  return address;
}

function ccipUrl(origin: string, { chainId }: LocalChain, resolver: string): string {
  return `${origin}/ccip/${chainId}/${resolver.toLowerCase()}`;
}

/** Returns the domain's API key. */
async function serveDomain(
  { domains }: Service,
  { chainId }: LocalChain,
  [first, ...others]: readonly string[],
): Promise<string> {
  const apiKey = apiKeyFrom(randomBytes(32));
  const served = { domain: DOMAIN, chainId };
  await addDomain(domains, { ...served, resolver: fromHex(first!) }, apiKey);
  for (const resolver of others) {
    await domains.connectResolver({ ...served, resolver: fromHex(resolver) });
  }
  return apiKey;
}

/** No statement on a table is done before the returned function is called. */
async function holdAllTables({ url, schema }: ScratchDatabase): Promise<() => Promise<void>> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query<{ table: string }>(
    `select format('%I.%I', schemaname, tablename) as "table" from pg_tables where schemaname = $1`,
    [schema],
  );
  await client.query("begin");
  await client.query(`lock table ${rows.map(({ table }) => table).join(", ")}`);
  return () => client.end();
}

function publishedNames(): string[] {
  return REACHES.flatMap((reach) => [
    ...GATEWAY_STATES.map((gateway) => `${ALICE}.${domainOf(gateway, reach)}`),
    ...[FARMER, LONGEST_LABEL].map((label) => `${label}.${domainOf("healthy", reach)}`),
  ]);
}

async function publish(service: Service, apiKey: string, name: string, body: unknown) {
  const response = await fetch(`${service.url}/v1/names/${encodeURIComponent(name)}/profile`, {
    method: "PUT",
    headers: { authorization: `Bearer ${apiKey}`, "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  if (response.status !== 201) throw new Error(`${name}: ${await response.text()}`);
}
