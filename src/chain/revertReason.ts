/** Why a contract refuses a call, as a sentence. */
import { Interface, isCallException } from "ethers";
import { rpcMessage } from "./connection.js";

/** The typed errors that an admin can meet, each with what it means and what to do. */
const SENTENCES: Readonly<Record<string, (...values: string[]) => string>> = {
  "OwnableUnauthorizedAccount(address account)": (account) =>
    `${account} is not the owner of the resolver. Use the owner's key, or let the owner run this with --propose.`,
  "OwnableInvalidOwner(address owner)": (owner) => `${owner} cannot own a resolver.`,
  "NoSigners()": () => "A resolver needs at least one gatewaySigner.",
  "ZeroSigner()": () => "The zero address cannot sign answers.",
  "DuplicateSigner(address signer)": (signer) => `${signer} is a gatewaySigner already.`,
  "UnknownSigner(address signer)": (signer) => `${signer} is not a gatewaySigner of this resolver.`,
  "LastSigner(address signer)": (signer) =>
    `${signer} is the only gatewaySigner. Add its successor first, switch the gateways, then remove it.`,
  "InvalidUrlCount(uint256 count)": (count) =>
    `A resolver has 1 to 8 gateway URLs and 0 to 8 metadata URLs; these are ${count}.`,
  "InvalidUrlLength(uint256 index, uint256 length)": (index, length) =>
    `URL ${position(index)} has ${length} bytes; 1 to 1024 are allowed.`,
  "InsecureUrl(uint256 index, string url)": (index, url) =>
    `URL ${position(index)} (${url}) must start with https://, or with http:// and a loopback host.`,
  "RepeatedPlaceholder(uint256 index, string url)": (index, url) =>
    `URL ${position(index)} (${url}) holds {resolver} more than once.`,
  "InvalidMaxValidity(uint64 got, uint64 least, uint64 most)": (got, least, most) =>
    `The longest validity must lie between ${least} and ${most} seconds; this is ${got}.`,
  "OwnershipNotRenounceable()": () =>
    "A resolver's ownership can be transferred, but not given up.",
  "Unauthorised(bytes32 node, address addr)": (_node, account) =>
    `The NameWrapper does not let ${account} change this name.`,
  "OperationProhibited(bytes32 node)": () =>
    "A burnt fuse of the wrapped name forbids this for as long as the name lasts.",
  "Error(string reason)": (reason) => `The contract says: ${reason}`,
  "Panic(uint256 code)": (code) => `The contract failed with panic code ${code}.`,
};

const BY_SELECTOR = new Map(
  Object.entries(SENTENCES).map(([type, sentence]) => {
    const contract = new Interface([`error ${type}`]);
    const selector = contract.getError(type.slice(0, type.indexOf("(")))?.selector ?? "";
    return [selector, { contract, sentence }];
  }),
);

export interface RevertReason {
  /** What a person reads. */
  readonly sentence: string;
  /** The error's name, or null for bare reverts and what we do not know. */
  readonly error: string | null;
  /** 0x hex. */
  readonly data: string;
}

/** Null when `thrown` is no revert, but a failure of the node or of the way to it. */
export function revertReasonOf(thrown: unknown): RevertReason | null {
  if (!isCallException(thrown)) return null;
  const data = thrown.data ?? "0x";
  const known = BY_SELECTOR.get(data.slice(0, 10));
  const parsed = known === undefined ? null : parse(known.contract, data);
  if (known === undefined || parsed === null) {
    return { sentence: unknownReason(data, thrown), error: null, data };
  }
  return { sentence: known.sentence(...parsed.values), error: parsed.name, data };
}

function parse(contract: Interface, data: string): { name: string; values: string[] } | null {
  try {
    const parsed = contract.parseError(data);
    return parsed && { name: parsed.name, values: [...parsed.args].map(String) };
  } catch {
    // arguments that do not decode: told as an error we do not know
    return null;
  }
}

function unknownReason(data: string, thrown: unknown): string {
  if (data !== "0x")
    return `The contract refuses with an error that we do not know: ${data.slice(0, 74)}.`;
  const message = rpcMessage(thrown);
  return `The contract refuses without a reason${message === undefined ? "" : ` (the node says: ${message})`}.`;
}

/** URLs are counted from 1, as people do. */
function position(index: string | undefined): string {
  return (BigInt(index ?? 0) + 1n).toString();
}
