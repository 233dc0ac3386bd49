/**
 * What a wallet signs to change a name of its own: typed data (EIP-712), so that the wallet shows what it signs.
 *
 *   domain   EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)
 *            "Signpost", "1", the chain of the domain's resolver, and the resolver
 *   message  NameRequest(string action,string domain,string name,bytes32 contentHash,uint256 sequence,uint256 deadline)
 *
 * The content itself (a profile, records) is not shown by wallets, so the message has its hash. `sequence` is the one
 * after the last that was used for the name, so that each signature counts once, and in its order.
 */
import { keccak_256 } from "@noble/hashes/sha3.js";
import { numberWord } from "../abi/word.js";
import { toHex, type Hex } from "../abi/hex.js";
import { stringify } from "../dm3/stringify.js";
import { recoverSigner } from "../dm3/walletSignature.js";
import { ADDRESS_BYTES, checksumAddress } from "../ens/address.js";

/** A closed list; `readHistory` changes nothing and uses no sequence. */
export const NAME_ACTIONS = [
  "claim",
  "publishProfile",
  "deleteProfile",
  "setRecords",
  "move",
  "delete",
  "readHistory",
] as const;

export type NameAction = (typeof NAME_ACTIONS)[number];

export interface NameRequest {
  readonly action: NameAction;
  /** The domain that the name lies under. Both in ENSIP-15 normal form. */
  readonly domain: string;
  readonly name: string;
  /** `contentHash` of what comes with the request, 0x hex of 32 bytes. */
  readonly contentHash: Hex;
  /** One more than the last that was used for the name, the first is 1; 0 for `readHistory`. */
  readonly sequence: number;
  /** The last second, in Unix time, at which the request is taken; at most 15 minutes ahead. */
  readonly deadline: number;
}

/** The resolver that answers for the domain: what binds a signature to one installation's names. */
export interface RequestDomain {
  readonly chainId: bigint;
  /** 20 bytes */
  readonly resolver: Uint8Array;
}

const DOMAIN_TYPE =
  "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)";
const REQUEST_TYPE =
  "NameRequest(string action,string domain,string name,bytes32 contentHash,uint256 sequence,uint256 deadline)";
const NAME = "Signpost";
const VERSION = "1";

/** keccak256 (32 bytes, 0x hex) of the content's canonical JSON: keys in order, no white space. */
export function contentHash(content: unknown): Hex {
  return toHex(hashText(stringify(content)));
}

/** For `eth_signTypedData_v4`, viem's `signTypedData`, and (without EIP712Domain) ethers'. */
export function nameRequestTypedData({ chainId, resolver }: RequestDomain, request: NameRequest) {
  return {
    domain: {
      name: NAME,
      version: VERSION,
      chainId: Number(chainId),
      verifyingContract: checksumAddress(resolver),
    },
    types: {
      EIP712Domain: fieldsOf(DOMAIN_TYPE),
      NameRequest: fieldsOf(REQUEST_TYPE),
    },
    primaryType: "NameRequest" as const,
    message: { ...request },
  };
}

/** The 32 bytes that the wallet signs (EIP-712). */
export function nameRequestDigest(
  { chainId, resolver }: RequestDomain,
  request: NameRequest,
): Uint8Array {
  const separator = hashWords([
    hashText(DOMAIN_TYPE),
    hashText(NAME),
    hashText(VERSION),
    numberWord(chainId),
    addressWord(resolver),
  ]);
  const message = hashWords([
    hashText(REQUEST_TYPE),
    hashText(request.action),
    hashText(request.domain),
    hashText(request.name),
    hexWord(request.contentHash),
    numberWord(request.sequence),
    numberWord(request.deadline),
  ]);
  return keccak_256(Uint8Array.of(0x19, 0x01, ...separator, ...message));
}

/**
 * The address (20 bytes) whose key signed the request.
 * @param signature 65 bytes; throws INVALID_REQUEST for another form, WRONG_SIGNER when no key can have made it
 */
export function recoverRequestSigner(
  domain: RequestDomain,
  request: NameRequest,
  signature: Uint8Array,
): Uint8Array {
  return recoverSigner(nameRequestDigest(domain, request), signature, "INVALID_REQUEST");
}

function fieldsOf(type: string): { name: string; type: string }[] {
  const fields = type.slice(type.indexOf("(") + 1, -1).split(",");
  return fields.map((field) => {
    const [fieldType = "", name = ""] = field.split(" ");
    return { name, type: fieldType };
  });
}

function hashText(text: string): Uint8Array {
  return keccak_256(new TextEncoder().encode(text));
}

function hashWords(words: readonly Uint8Array[]): Uint8Array {
  return keccak_256(Uint8Array.from(words.flatMap((word) => [...word])));
}

function addressWord(address: Uint8Array): Uint8Array {
  const word = new Uint8Array(32);
  word.set(address, word.length - ADDRESS_BYTES);
  return word;
}

function hexWord(hex: Hex): Uint8Array {
  return numberWord(BigInt(hex));
}
