/** Whether the signature of an entry counts: by its wallet, in its order, and over what the entry did. */
import { sameBytes } from "../../abi/bytes.js";
import { fromHex, type Hex } from "../../abi/hex.js";
import { recoverSigner } from "../../dm3/keys/walletSignature.js";
import { namehash, type Node } from "../../ens/namehash.js";
import { isSignpostError } from "../../errors.js";
import { acceptedSignature } from "../history/acceptedSignature.js";
import type { HistoryEntry } from "../history/historyEntry.js";
import { digestOfEntry, isSigned, type SignedAuthority } from "../history/recordedAuthority.js";
import type { NameState } from "../names/nameState.js";
import { type SignatureState, signatureStateAfter } from "../names/signatureState.js";
import { parseRecordWrite } from "../signed/recordWrites.js";
import { signedEffectFault } from "./signedEffect.js";

/** The signature state after the entry, or why its signature does not count. */
export function signatureStateBehind(
  before: SignatureState,
  former: NameState | null,
  state: NameState | null,
  entry: HistoryEntry,
): SignatureState | string {
  const { authority, name, operation, atMs } = entry;
  const accepted = operation === "found" ? null : acceptedSignature(authority, operation, atMs);
  if (accepted === null || !isSigned(authority)) return before;
  const fault =
    authority.kind === "owner"
      ? requestFault(before, authority.request, name)
      : messageFault(before, authority.message, name);
  if (fault !== null) return fault;
  // what a contract said then cannot be computed: `checkContractProof` asks the chain
  if (!accepted.byContract) {
    if (!isSignedByKey(authority)) return "its signature is not by the wallet that it names";
  } else if (before.ownerChain !== null && before.ownerChain !== accepted.chainId) {
    return "its contract wallet was asked on another chain than the owner's";
  }
  return (
    signedEffectFault(entry, authority, former, state) ?? signatureStateAfter(before, accepted)
  );
}

function requestFault(
  { sequence }: SignatureState,
  request: (SignedAuthority & { kind: "owner" })["request"],
  name: string,
): string | null {
  if (request.name !== name) return "its signature is for another name";
  return request.sequence === sequence + 1 ? null : "its sequence is not the next one";
}

function messageFault(
  { writesAfterSec }: SignatureState,
  { data, expirationTimestamp }: (SignedAuthority & { kind: "writer" })["message"],
  name: string,
): string | null {
  const node = nodeOfWrite(data);
  if (!node || !sameBytes(node, namehash(name))) return "its signature is for another name";
  return BigInt(expirationTimestamp) > BigInt(writesAfterSec)
    ? null
    : "its message is not newer than what its owner signed before";
}

/** Null for what is no write. */
function nodeOfWrite(data: Hex): Node | null {
  try {
    return parseRecordWrite(fromHex(data)).node;
  } catch (error) {
    if (isSignpostError(error)) return null;
    throw error;
  }
}

function isSignedByKey(authority: SignedAuthority): boolean {
  try {
    const digest = digestOfEntry(authority);
    const signer = recoverSigner(digest, fromHex(authority.signature), "INVALID_REQUEST");
    return sameBytes(signer, fromHex(authority.address));
  } catch (error) {
    if (isSignpostError(error, "WRONG_SIGNER", "INVALID_REQUEST")) return false;
    throw error;
  }
}
