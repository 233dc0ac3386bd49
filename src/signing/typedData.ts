/**
 * EIP-712 as far as our two kinds of messages need it, and the domain that both are signed in:
 *
 *   EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)
 *   "Signpost", "1", the chain of the domain's resolver, and the resolver
 *
 * The resolver announces the same to writers (contracts/OperationRouter.sol).
 */
import type { Digest } from "../abi/digest.js";
import { keccak256 } from "../abi/keccak256.js";
import { numberWord } from "../abi/word.js";
import { type Address, ADDRESS_BYTES, checksumAddress } from "../ens/address.js";

/** The resolver that answers for the domain: what binds a signature to one installation's names. */
export interface RequestDomain {
  readonly chainId: bigint;
  readonly resolver: Address;
}

export const SIGNING_NAME = "Signpost";
/** Changes only when the meaning of a signature does (docs/decisions/0007). */
export const SIGNING_VERSION = "1";

const DOMAIN_TYPE =
  "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)";

/** What a wallet signs. `structHash`: of the message. */
export function typedDataDigest({ chainId, resolver }: RequestDomain, structHash: Digest): Digest {
  const separator = hashWords([
    hashText(DOMAIN_TYPE),
    hashText(SIGNING_NAME),
    hashText(SIGNING_VERSION),
    numberWord(chainId),
    addressWord(resolver),
  ]);
  return keccak256(Uint8Array.of(0x19, 0x01, ...separator, ...structHash));
}

/** `domain` and its type, for wallets. */
export function typedDataDomain({ chainId, resolver }: RequestDomain) {
  return {
    domain: {
      name: SIGNING_NAME,
      version: SIGNING_VERSION,
      chainId: Number(chainId),
      verifyingContract: checksumAddress(resolver),
    },
    domainType: fieldsOf(DOMAIN_TYPE),
  };
}

/** Of `Name(type field,type field)`. */
export function fieldsOf(type: string): { name: string; type: string }[] {
  const fields = type.slice(type.indexOf("(") + 1, -1).split(",");
  return fields.map((field) => {
    const [fieldType = "", name = ""] = field.split(" ");
    return { name, type: fieldType };
  });
}

export function hashText(text: string): Digest {
  return keccak256(new TextEncoder().encode(text));
}

export function hashWords(words: readonly Uint8Array[]): Digest {
  return keccak256(Uint8Array.from(words.flatMap((word) => [...word])));
}

export function addressWord(address: Address): Uint8Array {
  const word = new Uint8Array(32);
  word.set(address, word.length - ADDRESS_BYTES);
  return word;
}
