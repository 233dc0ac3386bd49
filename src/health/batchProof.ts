/**
 * Whether a resolver's callback takes an answer that shares its signature: tried, by one `eth_call`, with a made answer
 * that has the longest path of all. So whatever fails at long ones, resolver or RPC node, shows before the first batch.
 * The answer is for the name of the root, which no gateway serves, and for a function that no resolver has: whoever gets
 * hold of it can show that somebody who asks for nothing gets nothing. Beside it in the tree is nothing but random bytes.
 */
import { randomBytes } from "node:crypto";
import { abiFunction } from "../abi/abiFunction.js";
import { sameBytes } from "../abi/bytes.js";
import { keccak256 } from "../abi/keccak256.js";
import { numberWord } from "../abi/word.js";
import {
  batchLeaf,
  encodeBatchSignature,
  HASH_BYTES,
  MAX_PATH,
  rootAbove,
  rootDigest,
  SALT_BYTES,
} from "../ccip/batchSignature.js";
import { answerDigest } from "../ccip/digest.js";
import type { Address } from "../ens/address.js";
import { resolve } from "../ens/resolverFunctions.js";
import { type GatewaySigner, signForMany } from "../gateway/gatewaySigner.js";
import { signedResponse } from "../lookup/answerExpiry.js";
import type { Chain } from "../lookup/askNode.js";
import type { CheckName } from "../lookup/checks.js";
import { callContract } from "../lookup/ethCall.js";
import { explainRevert } from "../lookup/resolverErrors.js";

export interface BatchProof {
  readonly chainId: bigint;
  readonly resolver: Address;
  readonly signer: GatewaySigner;
  /** As of the answers of lookups, so that whoever takes those takes these. */
  readonly validitySec: number;
  readonly nowMs: () => number;
}

const resolveWithProof = abiFunction<
  [response: Uint8Array, extraData: Uint8Array],
  [result: Uint8Array]
>("function resolveWithProof(bytes response, bytes extraData) view returns (bytes)");

const unknownSigner = abiFunction<[signer: Address], []>("error UnknownSigner(address signer)");

const ROOT_NAME = new Uint8Array(1);
const RESULT = new Uint8Array(0);

/**
 * `takesBatches` is null where the resolver refuses the answer for what has nothing to do with batches: its signer, time
 * or chain.
 * @throws UNREACHABLE when the node does not answer, SIGNER_UNAVAILABLE when the signer does not sign
 */
export async function proveBatches(
  chain: Chain,
  { chainId, resolver, signer, validitySec, nowMs }: BatchProof,
): Promise<{ readonly takesBatches: boolean | null; readonly refusal: string | null }> {
  const expiresSec = BigInt(Math.floor(nowMs() / 1000) + validitySec);
  const request = madeRequest(chainId);
  const digest = answerDigest({ target: resolver, expiresSec, request, result: RESULT });
  const salt = randomBytes(SALT_BYTES);
  const path = randomBytes(MAX_PATH * HASH_BYTES);
  const root = rootAbove(batchLeaf(digest, salt), path);
  const signature = await signForMany(signer, rootDigest(root));
  const field = encodeBatchSignature({ root, signature, salt, path });

  const response = signedResponse.encodeOutput(RESULT, expiresSec, field);
  const call = resolveWithProof.encodeInput(response, request);
  const { kind, data } = await callContract(chain, resolver, call);
  if (kind === "returned") {
    const taken = sameBytes(data, resolveWithProof.encodeOutput(RESULT));
    return taken ? { takesBatches: true, refusal: null } : refused("it returns something else");
  }
  const { check, reason } = explainRevert(data);
  // another address than ours was found where the resolver computes something else than we do
  const isUnknownSigner = sameBytes(data, unknownSigner.encodeInput(signer.address));
  return isUnknownSigner || OTHER_CHECKS.has(check)
    ? { takesBatches: null, refusal: null }
    : refused(reason);
}

/** What a resolver refuses of any answer, also of one with a signature of its own: `judgeAcceptance` tells of those. */
const OTHER_CHECKS: ReadonlySet<CheckName> = new Set(["answer-expiry", "answer-chain"]);

function refused(refusal: string) {
  return { takesBatches: false, refusal };
}

/** As the resolver makes them: ENSIP-10's call and the chain id. */
function madeRequest(chainId: bigint): Uint8Array {
  const text = "Signpost asks whether this resolver takes batches";
  const call = keccak256(new TextEncoder().encode(text)).subarray(0, 4);
  return Uint8Array.from([...resolve.encodeInput(ROOT_NAME, call), ...numberWord(chainId)]);
}
