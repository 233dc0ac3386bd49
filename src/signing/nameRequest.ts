/**
 * What a wallet signs to change a name of its own: typed data (EIP-712), so that the wallet shows what it signs.
 *
 *   domain   of the resolver that answers for the name (typedData.ts)
 *   message  NameRequest(string action,string domain,string name,bytes32 contentHash,uint256 sequence,uint256 deadline)
 *
 * The content itself (a profile, records) is not shown by wallets, so the message has its hash. `sequence` is the one
 * after the last that was used for the name, so that each signature counts once, and in its order.
 */
import type { Digest } from "../abi/digest.js";
import { type Hex, toHex } from "../abi/hex.js";
import { numberWord } from "../abi/word.js";
import { stringify } from "../dm3/stringify.js";
import {
  fieldsOf,
  hashText,
  hashWords,
  type RequestDomain,
  typedDataDigest,
  typedDataDomain,
} from "./typedData.js";

export type { RequestDomain } from "./typedData.js";

/** A closed list; the last two change no name and use no sequence. */
export const NAME_ACTIONS = [
  "claim",
  "publishProfile",
  "deleteProfile",
  "setRecords",
  "registerRelayNode",
  "removeRelayNode",
  "registerNetwork",
  "removeNetwork",
  "publishCertificate",
  "removeCertificate",
  "move",
  "delete",
  "readHistory",
  "openSession",
] as const;

export type NameAction = (typeof NAME_ACTIONS)[number];

/** Whether each of them counts once, in order. */
export function usesSequence(action: NameAction): boolean {
  return action !== "readHistory" && action !== "openSession";
}

export interface NameRequest {
  readonly action: NameAction;
  /** The domain that the name lies under. Both in ENSIP-15 normal form. */
  readonly domain: string;
  readonly name: string;
  /** `contentHash` of what comes with the request, 0x hex of 32 bytes. */
  readonly contentHash: Hex;
  /** One more than the last that was used for the name, the first is 1; 0 where none is used. */
  readonly sequence: number;
  /** The last second, in Unix time, at which the request is taken; at most 15 minutes ahead. */
  readonly deadline: number;
}

const REQUEST_TYPE =
  "NameRequest(string action,string domain,string name,bytes32 contentHash,uint256 sequence,uint256 deadline)";

/** keccak256 (32 bytes, 0x hex) of the content's canonical JSON: keys in order, no white space. */
export function contentHash(content: unknown): Hex {
  return toHex(hashText(stringify(content)));
}

/** For `eth_signTypedData_v4`, viem's `signTypedData`, and (without EIP712Domain) ethers'. */
export function nameRequestTypedData(signedFor: RequestDomain, request: NameRequest) {
  const { domain, domainType } = typedDataDomain(signedFor);
  return {
    domain,
    types: { EIP712Domain: domainType, NameRequest: fieldsOf(REQUEST_TYPE) },
    primaryType: "NameRequest" as const,
    message: { ...request },
  };
}

/** What the wallet signs (EIP-712). */
export function nameRequestDigest(signedFor: RequestDomain, request: NameRequest): Digest {
  const message = hashWords([
    hashText(REQUEST_TYPE),
    hashText(request.action),
    hashText(request.domain),
    hashText(request.name),
    hexWord(request.contentHash),
    numberWord(request.sequence),
    numberWord(request.deadline),
  ]);
  return typedDataDigest(signedFor, message);
}

function hexWord(hex: Hex): Uint8Array {
  return numberWord(BigInt(hex));
}
