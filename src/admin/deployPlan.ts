/** Deploying a resolver: at a predicted address with CREATE2, or with the deployer's next nonce. */
import { dataSlice, getCreateAddress } from "ethers";
import { RESOLVER_PLACEHOLDER, resolverArguments } from "../chain/deployResolver.js";
import {
  CREATE2_DEPLOYER,
  type DeterministicDeployment,
  planDeployment,
} from "../chain/deterministicDeployment.js";
import type { UnsentTransaction } from "../chain/unsentTransaction.js";
import type { Change } from "./change.js";

export interface DeployPlan {
  /** Where the resolver will stand; checksummed. */
  readonly address: string;
  readonly change: Change;
}

/**
 * With CREATE2: whoever sends it gets the same resolver at the same address.
 * @param sender who is expected to send it
 */
export async function planCreate2(
  deployment: DeterministicDeployment,
  chainId: bigint,
  sender: string,
): Promise<DeployPlan> {
  const { address, callData } = await planDeployment(deployment, chainId);
  const transaction = { to: CREATE2_DEPLOYER, value: 0n, data: callData, method: null };
  const change = {
    ...deployChange(deployment, chainId, address, sender, transaction),
    // the deployer hides why a constructor reverts
    rehearsal: { ...transaction, to: null, data: initCodeIn(callData) },
  };
  return { address, change };
}

/**
 * With CREATE: the address follows from the sender and its nonce.
 * @param nonce the sender's next one
 */
export async function planCreate(
  deployment: DeterministicDeployment,
  chainId: bigint,
  sender: string,
  nonce: number,
): Promise<DeployPlan> {
  const { callData } = await planDeployment(deployment, chainId);
  const address = getCreateAddress({ from: sender, nonce });
  const transaction = { to: null, value: 0n, data: initCodeIn(callData), method: null };
  const change = { ...deployChange(deployment, chainId, address, sender, transaction), nonce };
  return { address, change };
}

const SALT_BYTES = 32;

function initCodeIn(callData: string): string {
  return dataSlice(callData, SALT_BYTES);
}

function deployChange(
  deployment: DeterministicDeployment,
  chainId: bigint,
  address: string,
  sender: string,
  transaction: UnsentTransaction,
): Change {
  const [owner, signers, urls, maxValiditySec] = resolverArguments(deployment, chainId);
  const settings = {
    owner: [owner],
    signers,
    urls: urls.map((url) => url.replace(RESOLVER_PLACEHOLDER, address.toLowerCase())),
    maxValiditySec: [String(maxValiditySec)],
  };
  return {
    title: `Deploy a resolver at ${address}`,
    transaction,
    sender,
    before: Object.fromEntries(Object.keys(settings).map((field) => [field, []])),
    after: settings,
    notes:
      owner === sender
        ? []
        : [`The owner will be ${owner}; the account that deploys gets no right to the resolver.`],
  };
}
