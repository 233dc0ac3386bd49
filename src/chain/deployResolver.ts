/** Deploying an OffchainResolver whose gateway URLs name the resolver itself. */
import { ContractFactory, type Signer, getCreateAddress } from "ethers";
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

/**
 * The URL templates of a gateway for one resolver: POST first, because long requests do not fit into a URL;
 * GET second, which caches can keep (ERC-3668).
 */
export function gatewayUrls(origin: string, chainId: bigint, resolver: string): [string, string] {
  const url = `${origin.replace(/\/$/, "")}/ccip/${chainId.toString()}/${resolver.toLowerCase()}`;
  return [url, `${url}/{data}`];
}

/**
 * Deploys and waits for the receipt; returns the address. The URLs hold the address that the deployment will
 * have, which follows from the deployer and its nonce. Throws INTERNAL if another transaction came between.
 */
export async function deployResolver(
  deployer: Signer,
  { owner, gatewaySigners, gatewayOrigins, maxValiditySec }: ResolverDeployment,
): Promise<string> {
  const { abi, bytecode } = await ownArtifact("OffchainResolver");
  const network = await deployer.provider?.getNetwork();
  if (!network) throw new SignpostError("INTERNAL", "The deployer is not connected to a chain.");
  const nonce = await deployer.getNonce();
  const expected = getCreateAddress({ from: await deployer.getAddress(), nonce });
  const urls = gatewayOrigins.map((origin) => gatewayUrls(origin, network.chainId, expected));
  // all POST templates come first: a client that can POST at all should not try GET before the next gateway
  const ordered = [...urls.map(([post]) => post), ...urls.map(([, get]) => get)];

  const factory = new ContractFactory(abi, bytecode, deployer);
  const deployed = await factory.deploy(owner, gatewaySigners, ordered, maxValiditySec, { nonce });
  await deployed.waitForDeployment();
  const address = await deployed.getAddress();
  if (address !== expected) {
    throw new SignpostError(
      "INTERNAL",
      `The resolver was deployed at ${address}, not at ${expected}.`,
    );
  }
  return address;
}
