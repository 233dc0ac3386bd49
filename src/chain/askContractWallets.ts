/**
 * Asks contract wallets about signatures, each in one `eth_call`: contracts/WalletSignatureCheck.sol, the Solidity
 * twin, is sent along and run as creation code, so nothing of ours has to stand on the chain.
 */
import { abiFunction } from "../abi/abiFunction.js";
import { type Hex, toHex } from "../abi/hex.js";
import { ZERO_ADDRESS } from "../ens/address.js";
import { isSignpostError, SignpostError } from "../errors.js";
import { Deadline } from "../fetch/deadline.js";
import { askNode, cannotAsk, type Chain, quantity } from "../lookup/askNode.js";
import { ethCall } from "../lookup/ethCall.js";
import { httpProvider } from "../lookup/httpProvider.js";
import {
  type ContractWallets,
  unknownChain,
  type WalletAnswer,
  type WalletQuestion,
} from "../registry/signed/contractWallets.js";
import { unwrapSignature } from "../signing/wrappedSignature.js";
import { ownArtifact } from "./artifacts.js";

/** For both requests to the node together; the caller waits. */
const TIMEOUT_MS = 5_000;
/** What a wallet and its deployment may use: many times what they need, less than any node's bound. */
const GAS = 15_000_000;
/** An account of nobody. Without one, nodes call from the zero address, which some wallets take for a simulation. */
const CALLER = "0x5169706f7374000000000000000000005369676e";

const ANSWERS = ["absent", "refused", "accepted"] as const;
const constructorArguments = abiFunction<[], Uint8Array[]>(
  "function arguments() returns (address wallet, bytes32 digest, bytes signature, address factory, bytes factoryCall)",
);
const verdict = abiFunction<[], [chainId: bigint, verdict: bigint]>(
  "function verdict() returns (uint256 chainId, uint256 verdict)",
);

/** @param rpcUrls by chain id: the chains that are known */
export function contractWalletsOn(rpcUrls: ReadonlyMap<bigint, string>): ContractWallets {
  return {
    knows: (chainId) => rpcUrls.has(chainId),
    ask: async (question) => {
      const url = rpcUrls.get(question.chainId);
      if (url === undefined) throw unknownChain(question.chainId);
      try {
        const provider = httpProvider(url, TIMEOUT_MS);
        return await askChain({ provider, deadline: new Deadline(TIMEOUT_MS) }, question);
      } catch (error) {
        throw isSignpostError(error, "UNREACHABLE") ? unreachable(question, error) : error;
      }
    },
  };
}

async function askChain(chain: Chain, question: WalletQuestion): Promise<WalletAnswer> {
  const data = await creationCode(question);
  // by its number, so that the same state can be asked again later
  const atBlock = question.atBlock ?? quantity(await askNode(chain, "eth_blockNumber"));
  const call = { from: CALLER, gas: `0x${GAS.toString(16)}`, data };
  const result = await ethCall(chain, call, `0x${atBlock.toString(16)}`);
  // the check itself never reverts: what does, is a node that could not run it
  if (result.kind === "reverted") throw cannotAsk("it did not run the check to its end", null);
  const status = statusOf(result.data, question.chainId);
  return status === "accepted" ? { status, atBlock } : { status };
}

async function creationCode({ wallet, digest, ...question }: WalletQuestion): Promise<Hex> {
  const { signature, deployment } = unwrapSignature(question.signature);
  const { factory, factoryCall } = deployment ?? {
    factory: ZERO_ADDRESS,
    factoryCall: new Uint8Array(),
  };
  const { bytecode } = await ownArtifact("WalletSignatureCheck");
  const given = constructorArguments.encodeOutput(wallet, digest, signature, factory, factoryCall);
  return `${bytecode as Hex}${toHex(given).slice(2)}`;
}

function statusOf(returned: Uint8Array, chainId: bigint): Status {
  const [foundChain, number] = decoded(returned);
  if (foundChain !== chainId)
    throw cannotAsk(`it is on another chain, ${foundChain.toString()}`, null);
  return ANSWERS[Number(number)] ?? noVerdict();
}

type Status = (typeof ANSWERS)[number];

function decoded(returned: Uint8Array): [bigint, bigint] {
  try {
    return verdict.decodeOutput(returned);
  } catch (error) {
    if (!isSignpostError(error, "INVALID_CALL_DATA")) throw error;
    return noVerdict();
  }
}

/** As on chains that run other code than the EVM's, or whose nodes know no call without a contract. */
function noVerdict(): never {
  throw cannotAsk("it ran the check, but returned no verdict", null);
}

/** What the node said of itself is for the operator: it is in the cause. */
function unreachable({ chainId }: WalletQuestion, cause: SignpostError): SignpostError {
  const chain = chainId.toString();
  return new SignpostError(
    "UNREACHABLE",
    `Chain ${chain} could not be asked about the contract wallet, so nothing is known of the signature, and nothing was done. Send it again in some seconds.`,
    { chainId: chain },
    { cause },
  );
}
