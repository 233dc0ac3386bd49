/** The columns of `name_head` that keep an owner's signatures in order. */
import { fromHex, toHex } from "../abi/hex.js";
import type { SignatureState } from "../registry/names/signatureState.js";
import { byteaText } from "./bytea.js";

export const SIGNATURE_STATE_COLUMNS =
  "sequence, writes_after_sec, owner_chain, given_up_by, is_gift";

/** As the driver reads bigint: in decimal. */
export interface SignatureStateRow {
  readonly sequence: string;
  readonly writes_after_sec: string;
  readonly owner_chain: string | null;
  readonly given_up_by: readonly Buffer[];
  readonly is_gift: boolean;
}

export function signatureStateOfRow(row: SignatureStateRow): SignatureState {
  return {
    sequence: Number(row.sequence),
    writesAfterSec: Number(row.writes_after_sec),
    ownerChain: row.owner_chain === null ? null : BigInt(row.owner_chain),
    givenUpBy: row.given_up_by.map(toHex),
    isGift: row.is_gift,
  };
}

/** For JSON, in which the database reads a bigint from a text as well. */
export function rowOfSignatureState(signatureState: SignatureState) {
  const { sequence, writesAfterSec, ownerChain, givenUpBy, isGift } = signatureState;
  return {
    sequence,
    writes_after_sec: writesAfterSec,
    owner_chain: ownerChain === null ? null : ownerChain.toString(),
    given_up_by: givenUpBy.map((wallet) => byteaText(fromHex(wallet))),
    is_gift: isGift,
  };
}
