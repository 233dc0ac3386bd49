/** What the resolver of the vectors is asked and told, and what its signers sign. */
import { AbiCoder, keccak256, type SigningKey, solidityPacked } from "ethers";
import { AVATAR_REQUEST, AVATAR_RESULT, RESOLVER } from "./ccipRequests.js";
import { CHAIN_ID, gatewaySigner, SIGNERS } from "./people.js";

export interface CcipAnswerInput {
  /** In decimal. */
  readonly chainId: string;
  readonly resolver: string;
  /** Whose answers the resolver accepts. */
  readonly signers: readonly string[];
  /** How far ahead an answer may expire. */
  readonly maxValiditySec: number;
  /** The chain's time. */
  readonly blockTimeSec: number;
  /** The call data that the resolver sent to its gateway. */
  readonly request: string;
  /** What the gateway sent: `data` of ERC-3668. */
  readonly response: string;
}

export const NOW_SEC = 4_000_000_000n;
export const MAX_VALIDITY_SEC = 300n;

export interface Answer {
  readonly target: string;
  readonly expires: bigint;
  readonly request: string;
  readonly result: string;
}

export const ANSWER: Answer = {
  target: RESOLVER,
  expires: NOW_SEC + 60n,
  request: AVATAR_REQUEST,
  result: AVATAR_RESULT,
};

export function preimageOf({ target, expires, request, result }: Answer): string {
  return solidityPacked(
    ["bytes2", "address", "uint64", "bytes32", "bytes32"],
    ["0x1900", target, expires, keccak256(request), keccak256(result)],
  );
}

export function digestOf(answer: Answer): string {
  return keccak256(preimageOf(answer));
}

export function sign(answer: Answer, key: SigningKey = gatewaySigner): string {
  return key.sign(digestOf(answer)).serialized;
}

export function responseOf(
  { result, expires }: Pick<Answer, "result" | "expires">,
  signature: string,
) {
  return AbiCoder.defaultAbiCoder().encode(
    ["bytes", "uint64", "bytes"],
    [result, expires, signature],
  );
}

/** What all files say of chain and resolver. */
export const WHERE_CHECKED = {
  chainId: CHAIN_ID.toString(),
  resolver: RESOLVER,
  signers: SIGNERS,
  maxValiditySec: Number(MAX_VALIDITY_SEC),
  blockTimeSec: Number(NOW_SEC),
};
