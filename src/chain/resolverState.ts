/** What a deployed OffchainResolver says of itself. */
import {
  Contract,
  Interface,
  isError,
  type JsonRpcProvider,
  keccak256,
  Result,
  ZeroAddress,
} from "ethers";
import { SignpostError } from "../errors.js";
import { revertDataOf } from "../lookup/revertData.js";
import { rpcFailure } from "./connection.js";
import { isUndecodable } from "./undecodable.js";

/** Addresses are checksummed; null where there is none. */
export interface ResolverState {
  readonly address: string;
  /** keccak256 of the deployed code: the same for all resolvers of one version. */
  readonly codeHash: string;
  readonly owner: string;
  /** Who may accept the ownership that was offered. */
  readonly pendingOwner: string | null;
  /** In no particular order. */
  readonly signers: readonly string[];
  /** In order of preference. */
  readonly urls: readonly string[];
  readonly maxValiditySec: bigint;
  /** ENSIP-16's `rpcURLs`. */
  readonly metadataUrls: readonly string[];
  /** Where ERC-7884 sends writers. */
  readonly operationUrl: string | null;
}

/** The functions that an admin needs of contracts/interfaces/IOffchainResolver.sol and OpenZeppelin's Ownable2Step. */
export const RESOLVER_ABI = new Interface([
  "function owner() view returns (address)",
  "function pendingOwner() view returns (address)",
  "function transferOwnership(address newOwner)",
  "function acceptOwnership()",
  "function signers() view returns (address[])",
  "function addSigner(address signer)",
  "function removeSigner(address signer)",
  "function urls() view returns (string[])",
  "function setUrls(string[] newUrls)",
  "function maxValiditySec() view returns (uint64)",
  "function setMaxValidity(uint64 newMaxValiditySec)",
  "function metadata(bytes name) view returns (string[] rpcURLs, uint256 chainId, address baseRegistry)",
  "function setMetadataUrls(string[] newUrls)",
  "function operationUrl() view returns (string)",
  "function setOperationUrl(string newUrl)",
]);

/** ENSIP-16 asks for a name; our resolver answers the same for all. */
const ROOT_DNS_NAME = "0x00";

/** @throws INVALID_REQUEST when no OffchainResolver is at `address`, UNREACHABLE when the node fails */
export async function readResolver(
  provider: JsonRpcProvider,
  address: string,
): Promise<ResolverState> {
  const code = await codeAt(provider, address);
  const resolver = new Contract(address, RESOLVER_ABI, provider);
  // one block for all, so that the answers belong together
  const blockTag = await blockNumber(provider);
  const read = async (name: string, ...values: unknown[]): Promise<unknown> => {
    try {
      const value: unknown = await resolver.getFunction(name).staticCall(...values, { blockTag });
      // a list's texts are decoded only now
      return value instanceof Result ? value.toArray(true) : value;
    } catch (error) {
      if (revertDataOf(error) !== null || isError(error, "BAD_DATA")) throw noResolver(address);
      if (isUndecodable(error)) throw noText(address, name);
      throw rpcFailure(error, `reading ${name} of the resolver`);
    }
  };
  const [owner, pendingOwner, signers, urls, maxValiditySec, metadata, operationUrl] =
    (await Promise.all([
      read("owner"),
      read("pendingOwner"),
      read("signers"),
      read("urls"),
      read("maxValiditySec"),
      read("metadata", ROOT_DNS_NAME),
      read("operationUrl"),
    ])) as [string, string, string[], string[], bigint, [string[], bigint, string], string];
  return {
    address,
    codeHash: keccak256(code),
    owner,
    pendingOwner: pendingOwner === ZeroAddress ? null : pendingOwner,
    signers: [...signers],
    urls: [...urls],
    maxValiditySec,
    metadataUrls: [...metadata[0]],
    operationUrl: operationUrl === "" ? null : operationUrl,
  };
}

async function codeAt(provider: JsonRpcProvider, address: string): Promise<string> {
  let code: string;
  try {
    code = await provider.getCode(address);
  } catch (error) {
    throw rpcFailure(error, "reading the resolver's code");
  }
  if (code !== "0x") return code;
  throw new SignpostError(
    "INVALID_REQUEST",
    `There is no contract at ${address} on this chain. Check the address and --rpc.`,
    { reason: "there is no contract on this chain, or its RPC node still catches up" },
  );
}

async function blockNumber(provider: JsonRpcProvider): Promise<number> {
  try {
    return await provider.getBlockNumber();
  } catch (error) {
    throw rpcFailure(error, "reading the latest block");
  }
}

function noResolver(address: string): SignpostError {
  return new SignpostError(
    "INVALID_REQUEST",
    `The contract at ${address} is not an OffchainResolver of Signpost. Check the address; \`signpost doctor <name>\` looks at anyone's resolver.`,
    { reason: "it does not answer all that a resolver of this version does" },
  );
}

function noText(address: string, field: string): SignpostError {
  return new SignpostError(
    "INVALID_REQUEST",
    `The resolver at ${address} holds a URL that is not UTF-8 text (${field}). Its owner has to set it again, with a tool that sends plain bytes.`,
    { reason: `it holds a URL that is not UTF-8 text (${field})` },
  );
}
