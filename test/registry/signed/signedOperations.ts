/** What clients of ERC-7884 sign and send, with ethers' own ABI and EIP-712. */
import { type BaseWallet, Interface, namehash } from "ethers";
import { toHex } from "../../../src/abi/hex.js";
import { checksumAddress } from "../../../src/ens/address.js";
import type { RequestDomain } from "../../../src/signing/typedData.js";
import { nowSec, SERVICE_RESOLVER } from "./signedRequests.js";

/** As PublicResolver has them. */
export const RESOLVER_ABI = new Interface([
  "function setText(bytes32 node, string key, string value)",
  "function setAddr(bytes32 node, address a)",
  "function setAddr(bytes32 node, uint256 coinType, bytes a)",
  "function setContenthash(bytes32 node, bytes hash)",
  "function setName(bytes32 node, string newName)",
  "function setPubkey(bytes32 node, bytes32 x, bytes32 y)",
  "function setABI(bytes32 node, uint256 contentType, bytes data)",
  "function setData(bytes32 node, string key, bytes data)",
  "function setInterface(bytes32 node, bytes4 interfaceID, address implementer)",
  "function clearRecords(bytes32 node)",
  "function setDNSRecords(bytes32 node, bytes data)",
  "function multicall(bytes[] data) returns (bytes[] results)",
  "function multicallWithNodeCheck(bytes32 nodehash, bytes[] data) returns (bytes[] results)",
]);

export const MESSAGE_TYPES = {
  Message: [
    { name: "data", type: "bytes" },
    { name: "sender", type: "address" },
    { name: "expirationTimestamp", type: "uint256" },
  ],
};

/** `f` is a function's name, or its signature where there are two. */
export function call(f: string, name: string, ...values: unknown[]): string {
  return RESOLVER_ABI.encodeFunctionData(f, [namehash(name), ...values]);
}

export function signingDomain({ chainId, resolver }: RequestDomain) {
  const verifyingContract = checksumAddress(resolver);
  return { name: "Signpost", version: "1", chainId, verifyingContract };
}

export interface OperationWish {
  readonly data: string;
  readonly sender?: string;
  readonly expirationSec?: number;
  readonly signedFor?: RequestDomain;
}

/** The body after the ENSIP's figure: sender and data as the revert has them. */
export async function signOperation(wallet: BaseWallet, wish: OperationWish) {
  const { data, sender = wallet.address, signedFor = SERVICE_RESOLVER } = wish;
  const { expirationSec = nowSec() + 900 } = wish;
  const message = { data, sender, expirationTimestamp: BigInt(expirationSec) };
  const domain = signingDomain(signedFor);
  const signature = await wallet.signTypedData(domain, MESSAGE_TYPES, message);
  return {
    sender: { ...domain, chainId: Number(domain.chainId) },
    data: { ...message, expirationTimestamp: message.expirationTimestamp.toString() },
    signature,
  };
}

export type OperationBody = Awaited<ReturnType<typeof signOperation>>;

/** The same in the other form in use. */
export function nested({ sender, data, signature }: OperationBody) {
  return {
    sender: data.sender,
    data: data.data,
    signature: { domain: { ...sender, chainId: String(sender.chainId) }, message: data, signature },
  };
}

export function operationPath({ chainId, resolver }: RequestDomain): string {
  return `/operations/${chainId}/${toHex(resolver)}`;
}
