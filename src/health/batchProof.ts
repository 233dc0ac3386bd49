/**
 * Whether a resolver's callback takes an answer that shares its signature: tried, by `eth_call`, with one of two made
 * answers. They are for the name of the root, which no gateway serves, and for functions that no resolver has, so whoever
 * gets hold of them can show that somebody who asks for nothing gets nothing.
 */
import { abiFunction } from "../abi/abiFunction.js";
import { sameBytes } from "../abi/bytes.js";
import { keccak256 } from "../abi/keccak256.js";
import { numberWord } from "../abi/word.js";
import { batchOf } from "../ccip/answerBatch.js";
import { answerDigest } from "../ccip/digest.js";
import type { Address } from "../ens/address.js";
import { resolve } from "../ens/resolverFunctions.js";
import type { GatewaySigner } from "../gateway/gatewaySigner.js";
import { signedResponse } from "../lookup/answerExpiry.js";
import type { Chain } from "../lookup/askNode.js";
import type { CheckName } from "../lookup/checks.js";
import { callContract } from "../lookup/ethCall.js";
import { explainRevert } from "../lookup/resolverErrors.js";
import { pooledSalts } from "../signer/batchSalts.js";

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
const makeSalts = pooledSalts();

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
  const requests = ["one", "other"].map((which) => madeRequest(chainId, which));
  const digests = requests.map((request) =>
    answerDigest({ target: resolver, expiresSec, request, result: RESULT }),
  );
  const batch = batchOf(digests, makeSalts(digests.length));
  const field = batch.fieldOf(0, await signer.signDigest(batch.toSign));

  const response = signedResponse.encodeOutput(RESULT, expiresSec, field);
  const [request = RESULT] = requests;
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
function madeRequest(chainId: bigint, which: string): Uint8Array {
  const text = `Signpost asks whether this resolver takes batches: ${which}`;
  const call = keccak256(new TextEncoder().encode(text)).subarray(0, 4);
  return Uint8Array.from([...resolve.encodeInput(ROOT_NAME, call), ...numberWord(chainId)]);
}
