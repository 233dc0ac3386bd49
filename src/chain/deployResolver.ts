/** Deploying an OffchainResolver whose gateway URLs name the resolver itself. */
import { ContractFactory, type Signer } from "ethers";
import { SignpostError } from "../errors.js";
import { ownArtifact } from "./artifacts.js";

export interface ResolverDeployment {
  /** Who may change signers, URLs and validity; checksummed address. */
  readonly owner: string;
  readonly gatewaySigners: readonly string[];
  /** Where the gateways listen, e.g. `https://gateway.example.eth.limo`; in order of preference. */
  readonly gatewayOrigins: readonly string[];
  /** The longest validity that the resolver accepts, in seconds. */
  readonly maxValiditySec: number;
}

/** In a URL that a resolver is told to store: its own address (contracts/ResolverPlaceholder.sol). */
export const RESOLVER_PLACEHOLDER = "{resolver}";

/**
 * The URL templates of a gateway for one resolver: POST first, because long requests do not fit into a URL;
 * GET second, which caches can keep (ERC-3668). Throws INVALID_REQUEST for an origin that has the path already.
 */
export function gatewayUrls(origin: string, chainId: bigint, resolver: string): [string, string] {
  if (/\/ccip(?:\/|$)/.test(origin)) throw notAnOrigin(origin);
  const url = `${origin.replace(/\/$/, "")}/ccip/${chainId.toString()}/${resolver.toLowerCase()}`;
  return [url, `${url}/{data}`];
}

function notAnOrigin(origin: string): SignpostError {
  return new SignpostError(
    "INVALID_REQUEST",
    `${origin} has the path /ccip already, which is added by itself. Give where the gateway listens, such as https://gateway.example.com.`,
  );
}

/** The arguments of OffchainResolver's constructor. The contract itself puts its address into the URLs. */
export function resolverArguments(
  { owner, gatewaySigners, gatewayOrigins, maxValiditySec }: ResolverDeployment,
  chainId: bigint,
): [string, readonly string[], readonly string[], number] {
  const urls = gatewayOrigins.map((origin) => gatewayUrls(origin, chainId, RESOLVER_PLACEHOLDER));
  // all POST templates come first: a client that can POST at all should not try GET before the next gateway
  const ordered = [...urls.map(([post]) => post), ...urls.map(([, get]) => get)];
  return [owner, gatewaySigners, ordered, maxValiditySec];
}

/** Deploys and waits for the receipt; returns the address. Throws INTERNAL without a connected deployer. */
export async function deployResolver(
  deployer: Signer,
  deployment: ResolverDeployment,
): Promise<string> {
  const { abi, bytecode } = await ownArtifact("OffchainResolver");
  const network = await deployer.provider?.getNetwork();
  if (!network) throw new SignpostError("INTERNAL", "The deployer is not connected to a chain.");
  const factory = new ContractFactory(abi, bytecode, deployer);
  const deployed = await factory.deploy(...resolverArguments(deployment, network.chainId));
  await deployed.waitForDeployment();
  return deployed.getAddress();
}
