/**
 * Deploying a resolver at an address that is known before: with CREATE2, through the deployer that stands at
 * the same address on most EVM chains. Anyone may send the transaction: owner, gatewaySigners and URLs are in
 * the init code, so whoever sends it deploys exactly the same contract (docs/decisions/0006).
 */
import {
  AbiCoder,
  concat,
  ContractFactory,
  getCreate2Address,
  id,
  keccak256,
  type Provider,
  type Signer,
} from "ethers";
import { SignpostError } from "../errors.js";
import { ownArtifact } from "./artifacts.js";
import { resolverArguments, type ResolverDeployment } from "./deployResolver.js";

/** Takes call data `salt (32 bytes) ‖ init code` and runs CREATE2. It has no owner and no state. */
export const CREATE2_DEPLOYER = "0x4e59b44847b379578588920cA78FbF26c0B4956C";

/** Another contract at that address (there are chains with one) could put something else elsewhere. */
const CREATE2_DEPLOYER_CODE_HASH =
  "0x2fa86add0aed31f33a762c9d88e807c475bd51d0f52bd0955754b2608f7e4989";

const NO_CODE = "0x";

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

export interface DeploymentOutcome {
  /** Checksummed. */
  readonly address: string;
  /**
   * `existing`: it had been deployed before, with these settings; its owner may have changed them since, so
   * read them from the contract.
   */
  readonly status: "deployed" | "existing";
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

/**
 * Deploys and waits for the receipt, unless the contract is there already.
 *
 * Throws INVALID_CONFIGURATION if the chain has no such deployer, or if the constructor refuses the settings.
 */
export async function deployDeterministically(
  sender: Signer,
  deployment: DeterministicDeployment,
): Promise<DeploymentOutcome> {
  const { provider } = sender;
  if (!provider) throw new SignpostError("INTERNAL", "The sender is not connected to a chain.");
  const { chainId } = await provider.getNetwork();
  const { address, callData } = await planDeployment(deployment, chainId);
  await assertDeployer(provider, chainId);
  if (await hasCode(provider, address)) return { address, status: "existing" };
  try {
    const transaction = await sender.sendTransaction({ to: CREATE2_DEPLOYER, data: callData });
    await transaction.wait();
  } catch (error) {
    // CREATE2 fails also when somebody else's transaction with the same bytes came first; "pending" because
    // ethers would repeat its answer of a moment ago to the same question
    if (await hasCode(provider, address, "pending")) return { address, status: "existing" };
    throw new SignpostError(
      "INVALID_CONFIGURATION",
      `The resolver could not be deployed at ${address}; check its owner, signers, URLs and validity, and the sender's balance.`,
      { address },
      { cause: error },
    );
  }
  return { address, status: "deployed" };
}

async function assertDeployer(provider: Provider, chainId: bigint): Promise<void> {
  const code = await provider.getCode(CREATE2_DEPLOYER);
  if (code !== NO_CODE && keccak256(code) === CREATE2_DEPLOYER_CODE_HASH) return;
  const found = code === NO_CODE ? "nothing" : "another contract";
  throw new SignpostError(
    "INVALID_CONFIGURATION",
    `Chain ${chainId.toString()} has ${found} at ${CREATE2_DEPLOYER}, where the CREATE2 deployer should be; deploy without a predictable address.`,
    { chainId: chainId.toString(), deployer: CREATE2_DEPLOYER },
  );
}

async function hasCode(
  provider: Provider,
  address: string,
  blockTag: "latest" | "pending" = "latest",
): Promise<boolean> {
  return (await provider.getCode(address, blockTag)) !== NO_CODE;
}
