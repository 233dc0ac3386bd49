/** What a CCIP gateway responds, made in the test so that each field can be wrong on its own. */
import { randomBytes } from "node:crypto";
import type { Digest } from "../../src/abi/digest.js";
import { fromHex, toHex } from "../../src/abi/hex.js";
import { batchOf } from "../../src/ccip/answerBatch.js";
import { SALT_BYTES } from "../../src/ccip/batchSignature.js";
import { answerDigest } from "../../src/ccip/digest.js";
import { addressFrom } from "../../src/ens/address.js";
import {
  type Contract,
  ethers,
  gatewaySigner,
  latestTimestamp,
  type SigningKey,
} from "./deployment.js";

const coder = ethers.AbiCoder.defaultAbiCoder();

export interface Answer {
  readonly target: string;
  readonly expires: bigint;
  /** The call data of the lookup, `0x` hex. */
  readonly request: string;
  /** The ABI-encoded result, `0x` hex. */
  readonly result: string;
}

export function digestOf(answer: Answer): Digest {
  return answerDigest({
    target: addressFrom(fromHex(answer.target)),
    expiresSec: answer.expires,
    request: fromHex(answer.request),
    result: fromHex(answer.result),
  });
}

/** 65 bytes r, s, v as `0x` hex. */
export function sign(answer: Answer, key: SigningKey = gatewaySigner): string {
  return key.sign(digestOf(answer)).serialized;
}

/** The signature fields of answers that share one signature, as `0x` hex. */
export function signTogether(
  answers: readonly Answer[],
  key: SigningKey = gatewaySigner,
): string[] {
  const salts = randomBytes(SALT_BYTES * answers.length);
  const batch = batchOf(answers.map(digestOf), salts);
  const signature = fromHex(key.sign(batch.toSign).serialized);
  return answers.map((_, index) => toHex(batch.fieldOf(index, signature)));
}

export function encodeResponse(result: string, expires: bigint, signature: string): string {
  return coder.encode(["bytes", "uint64", "bytes"], [result, expires, signature]);
}

/** A signed response to `answer`. */
export function respond(answer: Answer, key: SigningKey = gatewaySigner): string {
  return encodeResponse(answer.result, answer.expires, sign(answer, key));
}

/** The request that OffchainResolver makes of `resolve(name, data)` on chain `chainId`. */
export function requestOf(name: string, data: string, chainId = 31337n): string {
  return ethers.concat([
    ethers.id("resolve(bytes,bytes)").slice(0, 10),
    coder.encode(["bytes", "bytes"], [name, data]),
    coder.encode(["uint256"], [chainId]),
  ]);
}

/** A valid answer for `resolver`: text "hello" for alice.example.eth, valid for one more minute. */
export async function validAnswer(resolver: Contract): Promise<Answer> {
  return {
    target: await resolver.getAddress(),
    expires: (await latestTimestamp()) + 60n,
    request: requestOf(ethers.dnsEncode(NAME), textCall("greeting")),
    result: coder.encode(["string"], ["hello"]),
  };
}

export const NAME = "alice.example.eth";

export function textCall(key: string): string {
  return ethers.concat([
    ethers.id("text(bytes32,string)").slice(0, 10),
    coder.encode(["bytes32", "string"], [ethers.namehash(NAME), key]),
  ]);
}
