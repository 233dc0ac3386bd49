/**
 * What a writer signs by ERC-7884, as the resolver's revert hands it out (contracts/OperationRouter.sol), in the domain
 * of typedData.ts:
 *
 *   Message(bytes data,address sender,uint256 expirationTimestamp)
 *
 * Nothing of it was checked by a contract: a client can have made up all of it but the signature.
 */
import type { Digest } from "../abi/digest.js";
import { keccak256 } from "../abi/keccak256.js";
import { numberWord } from "../abi/word.js";
import type { Address } from "../ens/address.js";
import {
  addressWord,
  hashText,
  hashWords,
  type RequestDomain,
  typedDataDigest,
} from "./typedData.js";

export interface OperationMessage {
  /** The encoded function that is to be carried out, selector first. */
  readonly data: Uint8Array;
  /** Who asked the resolver: a UniversalResolver as often as the writer. It proves nothing. */
  readonly sender: Address;
  /** The last second, in Unix time, at which the message is taken. */
  readonly expirationTimestamp: bigint;
}

const MESSAGE_TYPE = "Message(bytes data,address sender,uint256 expirationTimestamp)";

/** What the wallet signs (EIP-712). */
export function operationMessageDigest(
  signedFor: RequestDomain,
  { data, sender, expirationTimestamp }: OperationMessage,
): Digest {
  const message = hashWords([
    hashText(MESSAGE_TYPE),
    keccak256(data),
    addressWord(sender),
    numberWord(expirationTimestamp),
  ]);
  return typedDataDigest(signedFor, message);
}
