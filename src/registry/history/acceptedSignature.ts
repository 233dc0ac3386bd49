/** The owner's signature in an authority as the history has it, or null: so deciding and verifying reckon alike. */
import { fromHex, toHex } from "../../abi/hex.js";
import type { ActionKind } from "../names/action.js";
import type { AcceptedSignature } from "../names/signatureState.js";
import { isSigned, type RecordedAuthority } from "./recordedAuthority.js";

export function acceptedSignature(
  authority: RecordedAuthority,
  action: ActionKind,
  atMs: number,
): AcceptedSignature | null {
  if (!isSigned(authority)) return null;
  const { address, chainId, acceptedAtBlock } = authority;
  return {
    action,
    wallet: toHex(fromHex(address)),
    chainId: BigInt(chainId),
    byContract: acceptedAtBlock !== undefined,
    expirationSec:
      authority.kind === "writer" ? Number(authority.message.expirationTimestamp) : null,
    atMs,
  };
}
