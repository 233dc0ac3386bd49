/** Why a contract refuses a transaction, as a sentence. */
import { type Hex, toHex } from "../abi/hex.js";
import { typedError, typedErrorIn } from "../abi/typedError.js";
import { type Address, checksumAddress } from "../ens/address.js";
import type { Node } from "../ens/namehash.js";
import { isSignpostError } from "../errors.js";
import { foreignText } from "../fetch/foreignText.js";
import { revertDataOf } from "../lookup/revertData.js";
import { rpcMessage } from "./connection.js";

/** The errors that an admin can meet, each with what it means and what to do. */
const KNOWN_ERRORS = [
  typedError(
    "error OwnableUnauthorizedAccount(address account)",
    (account: Address) =>
      `${checksumAddress(account)} is not the owner of the resolver. Use the owner's key, or let the owner run this with --propose.`,
  ),
  typedError(
    "error OwnableInvalidOwner(address owner)",
    (owner: Address) => `${checksumAddress(owner)} cannot own a resolver.`,
  ),
  typedError("error NoSigners()", () => "A resolver needs at least one gatewaySigner."),
  typedError("error ZeroSigner()", () => "The zero address cannot sign answers."),
  typedError(
    "error DuplicateSigner(address signer)",
    (signer: Address) => `${checksumAddress(signer)} is a gatewaySigner already.`,
  ),
  typedError(
    "error UnknownSigner(address signer)",
    (signer: Address) => `${checksumAddress(signer)} is not a gatewaySigner of this resolver.`,
  ),
  typedError(
    "error LastSigner(address signer)",
    (signer: Address) =>
      `${checksumAddress(signer)} is the only gatewaySigner. Add its successor first, switch the gateways, then remove it.`,
  ),
  typedError(
    "error InvalidUrlCount(uint256 count)",
    (count: bigint) =>
      `A resolver has 1 to 8 gateway URLs and 0 to 8 metadata URLs, but ${count.toString()} are given.`,
  ),
  typedError(
    "error InvalidUrlLength(uint256 index, uint256 length)",
    (index: bigint, length: bigint) =>
      `URL ${position(index)} has ${length.toString()} bytes; 1 to 1024 are allowed.`,
  ),
  typedError(
    "error InsecureUrl(uint256 index, string url)",
    (index: bigint, url: string) =>
      `URL ${position(index)} (${url}) must start with https://, or with http:// and a loopback host.`,
  ),
  typedError(
    "error RepeatedPlaceholder(uint256 index, string url)",
    (index: bigint, url: string) =>
      `URL ${position(index)} (${url}) holds {resolver} more than once.`,
  ),
  typedError(
    "error InvalidMaxValidity(uint64 got, uint64 least, uint64 most)",
    (got: bigint, least: bigint, most: bigint) =>
      `The longest validity must lie between ${least.toString()} and ${most.toString()} seconds; this is ${got.toString()}.`,
  ),
  typedError(
    "error OwnershipNotRenounceable()",
    () => "A resolver's ownership can be transferred, but not given up.",
  ),
  typedError(
    "error Unauthorised(bytes32 node, address addr)",
    (_node: Node, account: Address) =>
      `The NameWrapper does not let ${checksumAddress(account)} change this name.`,
  ),
  typedError(
    "error OperationProhibited(bytes32 node)",
    () => "A burnt fuse of the wrapped name forbids this for as long as the name lasts.",
  ),
  typedError(
    "error EACUnauthorizedAccountRoles(uint256 resource, uint256 roleBitmap, address account)",
    (_resource: bigint, _roles: bigint, account: Address) =>
      `The ENSv2 registry or resolver does not let ${checksumAddress(account)} change this name.`,
  ),
  typedError(
    "error LabelExpired(uint256 tokenId)",
    () => "The name has expired in ENSv2. Renew it or register it first.",
  ),
  typedError(
    "error Error(string reason)",
    (reason: string) => `The contract says: ${foreignText(reason)}`,
  ),
  typedError(
    "error Panic(uint256 code)",
    (code: bigint) => `The contract failed with panic code ${code.toString()}.`,
  ),
];

export interface RevertReason {
  /** What a person reads. */
  readonly sentence: string;
  /** The error's name, or null for bare reverts and what we do not know. */
  readonly error: string | null;
  readonly data: Hex;
}

/** Null when `thrown` is no revert, but a failure of the node or of the way to it. */
export function revertReasonOf(thrown: unknown): RevertReason | null {
  const revertData = revertDataOf(thrown);
  if (revertData === null) return null;
  return explained(revertData) ?? unexplained(revertData, thrown);
}

function explained(revertData: Uint8Array): RevertReason | null {
  const known = typedErrorIn(KNOWN_ERRORS, revertData);
  if (known === undefined) return null;
  try {
    return { sentence: known.explain(revertData), error: known.name, data: toHex(revertData) };
  } catch (error) {
    if (isSignpostError(error, "INVALID_CALL_DATA")) return null;
    throw error;
  }
}

function unexplained(revertData: Uint8Array, thrown: unknown): RevertReason {
  const data = toHex(revertData);
  const message = rpcMessage(thrown);
  const said = message === undefined ? "" : ` (the node says: ${message})`;
  const sentence =
    revertData.length === 0
      ? `The contract refuses without a reason${said}.`
      : `The contract refuses with an error that we do not know: ${data.slice(0, 74)}.`;
  return { sentence, error: null, data };
}

/** URLs are counted from 1, as people do. */
function position(index: bigint): string {
  return (index + 1n).toString();
}
