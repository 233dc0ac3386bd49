/**
 * Deploying a resolver at an address that is known before: with CREATE2, through the deployer that stands at
 * the same address on most EVM chains. Anyone may send the transaction: owner, gatewaySigners and URLs are in
 * the init code, so whoever sends it deploys exactly the same contract (docs/decisions/0006).
 */
import { AbiCoder, concat, ContractFactory, getCreate2Address, id, keccak256 } from "ethers";
import { ownArtifact } from "./artifacts.js";
import { resolverArguments, type ResolverDeployment } from "./deployResolver.js";

/** Takes call data `salt (32 bytes) ‖ init code` and runs CREATE2. It has no owner and no state. */
export const CREATE2_DEPLOYER = "0x4e59b44847b379578588920cA78FbF26c0B4956C";

export interface DeterministicDeployment extends ResolverDeployment {
  /** Free text that tells several resolvers of one owner apart, e.g. their domain. */
  readonly label: string;
}

/** What to send to `CREATE2_DEPLOYER`, and where the resolver will stand. */
export interface DeploymentPlan {
  /** Checksummed. */
  readonly address: string;
  /** Salt and init code, 0x hex. */
  readonly callData: string;
}

/**
 * The chain is part of the salt. With one address on several chains, an admin would take one resolver for the
 * other, and only the request's chain id would keep an answer for one from verifying on the other.
 */
export function deploymentSalt(chainId: bigint, owner: string, label: string): string {
  return keccak256(
    AbiCoder.defaultAbiCoder().encode(
      ["uint256", "address", "bytes32"],
      [chainId, owner, id(label)],
    ),
  );
}

/** The deployment as a transaction that anybody can send; needs no connection to the chain. */
export async function planDeployment(
  deployment: DeterministicDeployment,
  chainId: bigint,
): Promise<DeploymentPlan> {
  const { abi, bytecode } = await ownArtifact("OffchainResolver");
  const constructorArguments = resolverArguments(deployment, chainId);
  const factory = new ContractFactory(abi, bytecode);
  const { data: initCode } = await factory.getDeployTransaction(...constructorArguments);
  const salt = deploymentSalt(chainId, deployment.owner, deployment.label);
  return {
    address: getCreate2Address(CREATE2_DEPLOYER, salt, keccak256(initCode)),
    callData: concat([salt, initCode]),
  };
}
