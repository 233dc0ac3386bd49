/** The columns of `name_head` that keep an owner's signatures in order. */
import type { SignatureMarks } from "../registry/signatureMarks.js";

export const MARK_COLUMNS = "sequence, writes_after_sec, owner_chain";

/** As the driver reads bigint: in decimal. */
export interface MarkRow {
  readonly sequence: string;
  readonly writes_after_sec: string;
  readonly owner_chain: string | null;
}

export function marksOfRow(row: MarkRow): SignatureMarks {
  return {
    sequence: Number(row.sequence),
    writesAfterSec: Number(row.writes_after_sec),
    ownerChain: row.owner_chain === null ? null : BigInt(row.owner_chain),
  };
}

/** For JSON, in which the database reads a bigint from a text as well. */
export function rowOfMarks({ sequence, writesAfterSec, ownerChain }: SignatureMarks) {
  return {
    sequence,
    writes_after_sec: writesAfterSec,
    owner_chain: ownerChain === null ? null : ownerChain.toString(),
  };
}
