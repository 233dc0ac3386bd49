/**
 * One chain, one Postgres, and behind each resolver the gateways of one case: so that nothing has to be changed
 * between two cases, and clients can be watched side by side.
 */
import { randomBytes } from "node:crypto";
import { ContractFactory, getCreateAddress, Wallet } from "ethers";
import { fromHex } from "../../src/abi/hex.js";
import type { RegistryService } from "../../src/capabilities/registry/registryService.js";
import { ownArtifact } from "../../src/chain/artifacts.js";
import { deployResolver } from "../../src/chain/deployResolver.js";
import { type LocalChain, startLocalChain } from "../../src/demo/localChain.js";
import { deployLocalEns, type LocalEns } from "../../src/demo/localEns.js";
import { signUp } from "../../src/demo/people.js";
import { encodeProfileRecord } from "../../src/dm3/profile/profileRecord.js";
import { addressFrom, checksumAddress } from "../../src/ens/address.js";
import { addDomain } from "../../src/registry/access/addDomain.js";
import { apiKeyFrom } from "../../src/registry/domains/apiKey.js";
import {
  ALICE,
  domainOf,
  FARMER,
  GATEWAY_STATES,
  type GatewayState,
  LONGEST_DNS_LABEL,
  LONGEST_LABEL,
  type Reach,
  REACHES,
} from "./clientCases.js";
import { type Gateways, holdAllTables, startGateways } from "./clientGateways.js";

/** All resolvers answer for names below it. */
const DOMAIN = "example.eth";
const MAX_VALIDITY_SEC = 900;

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
  { domains }: RegistryService,
  { chainId }: LocalChain,
  [first, ...others]: readonly string[],
): Promise<string> {
  const apiKey = apiKeyFrom(randomBytes(32));
  const served = { domain: DOMAIN, chainId };
  await addDomain(domains, { ...served, resolver: addressFrom(fromHex(first!)) }, apiKey);
  for (const resolver of others) {
    await domains.connectResolver({ ...served, resolver: addressFrom(fromHex(resolver)) });
  }
  return apiKey;
}

function publishedNames(): string[] {
  return REACHES.flatMap((reach) => [
    ...GATEWAY_STATES.map((gateway) => `${ALICE}.${domainOf(gateway, reach)}`),
    ...[FARMER, LONGEST_DNS_LABEL, LONGEST_LABEL].map(
      (label) => `${label}.${domainOf("healthy", reach)}`,
    ),
  ]);
}

async function publish(service: RegistryService, apiKey: string, name: string, body: unknown) {
  const response = await fetch(`${service.url}/v1/names/${encodeURIComponent(name)}/profile`, {
    method: "PUT",
    headers: { authorization: `Bearer ${apiKey}`, "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  if (response.status !== 201) throw new Error(`${name}: ${await response.text()}`);
}
