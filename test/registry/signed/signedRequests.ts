/** Wallets that sign requests as people's wallets do, with ethers' own EIP-712. */
import { type BaseWallet, TypedDataEncoder } from "ethers";
import { type Hex, toHex } from "../../../src/abi/hex.js";
import {
  contentHash,
  type NameAction,
  type NameRequest,
  nameRequestTypedData,
  type RequestDomain,
} from "../../../src/signing/nameRequest.js";
import type { SignedRequestBody } from "../../../src/wire/signedRequest.js";
import { bytes } from "../../db/sampleNames.js";

export interface Wish {
  readonly action: NameAction;
  readonly domain: string;
  readonly name: string;
  readonly content?: Record<string, unknown>;
  readonly sequence: number;
  /** Seconds of Unix time; without it, ten minutes from now. */
  readonly deadline?: number;
  readonly signedFor?: RequestDomain;
}

/** The resolver of the first domain of `openRegistry` and of `openTestService`. */
export const REGISTRY_RESOLVER: RequestDomain = { chainId: 1n, resolver: bytes(20, 0) };
export const SERVICE_RESOLVER: RequestDomain = { chainId: 1n, resolver: bytes(20, 0x5f) };

export function nowSec(): number {
  return Math.floor(Date.now() / 1000);
}

export async function signRequest(
  wallet: BaseWallet,
  { action, domain, name, content = {}, sequence, ...rest }: Wish,
): Promise<SignedRequestBody> {
  const { deadline = nowSec() + 600, signedFor = SERVICE_RESOLVER } = rest;
  const request: NameRequest = {
    action,
    domain,
    name,
    contentHash: contentHash(content),
    sequence,
    deadline,
  };
  return {
    chainId: signedFor.chainId.toString(),
    resolver: toHex(signedFor.resolver),
    request,
    content,
    signer: wallet.address,
    signature: await signTypedData(wallet, signedFor, request),
  };
}

export async function signTypedData(
  wallet: BaseWallet,
  signedFor: RequestDomain,
  request: NameRequest,
): Promise<Hex> {
  const { domain, types, message } = nameRequestTypedData(signedFor, request);
  const signature = await wallet.signTypedData(domain, { NameRequest: types.NameRequest }, message);
  return signature as Hex;
}

/** The digest as ethers computes it. */
export function ethersDigest(signedFor: RequestDomain, request: NameRequest): string {
  const { domain, types, message } = nameRequestTypedData(signedFor, request);
  return TypedDataEncoder.hash(domain, { NameRequest: types.NameRequest }, message);
}
