/** What wallets sign: EIP-712, in the domain of a resolver. */
import { TypedDataEncoder, type TypedDataField, type Wallet } from "ethers";
import { canonical, keccak256OfText } from "./canonical.js";
import { RESOLVER } from "./ccipRequests.js";
import { CHAIN_ID, DOMAIN } from "./people.js";

export interface SigningDomain {
  readonly name: string;
  readonly version: string;
  readonly chainId: bigint;
  readonly verifyingContract: string;
}

export const SIGNED_FOR: SigningDomain = {
  name: "Signpost",
  version: "1",
  chainId: CHAIN_ID,
  verifyingContract: RESOLVER,
};

export interface NameRequest {
  readonly action: string;
  readonly domain: string;
  readonly name: string;
  readonly contentHash: string;
  readonly sequence: number;
  readonly deadline: number;
}

const REQUEST = types("NameRequest", {
  action: "string",
  domain: "string",
  name: "string",
  contentHash: "bytes32",
  sequence: "uint256",
  deadline: "uint256",
});
const MESSAGE = types("Message", {
  data: "bytes",
  sender: "address",
  expirationTimestamp: "uint256",
});

export function requestFor(
  action: string,
  name: string,
  content: object,
  sequence: number,
  deadline: number,
): NameRequest {
  const contentHash = keccak256OfText(canonical(content));
  return { action, domain: DOMAIN, name, contentHash, sequence, deadline };
}

export function requestDigest(request: NameRequest, domain = SIGNED_FOR): string {
  return TypedDataEncoder.hash(domain, REQUEST, request);
}

export function signRequest(
  wallet: Wallet,
  request: NameRequest,
  domain = SIGNED_FOR,
): Promise<string> {
  return wallet.signTypedData(domain, REQUEST, request);
}

export interface OperationMessage {
  readonly data: string;
  readonly sender: string;
  /** Decimal. */
  readonly expirationTimestamp: string;
}

export function messageDigest(message: OperationMessage, domain = SIGNED_FOR): string {
  return TypedDataEncoder.hash(domain, MESSAGE, message);
}

export function signMessage(
  wallet: Wallet,
  message: OperationMessage,
  domain = SIGNED_FOR,
): Promise<string> {
  return wallet.signTypedData(domain, MESSAGE, message);
}

function types(name: string, fields: Record<string, string>): Record<string, TypedDataField[]> {
  return { [name]: Object.entries(fields).map(([field, type]) => ({ name: field, type })) };
}
