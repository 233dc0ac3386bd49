/** A verified name as rows for COPY. */
import { sharedDm3Form } from "../../registry/names/dm3Form.js";
import type { PackedName } from "../../transfer/importPort.js";
import type { NameArrival } from "../../transfer/verify/nameArrival.js";
import { byteaText } from "../bytea.js";
import { NAME_COLUMNS, rowOfName } from "../nameRow.js";
import { rowOfSignatureState } from "../signatureStateRow.js";
import { copyJson, copyRow, type CopyValue } from "./copyText.js";

/** The version of the name stands before them, when it is known. */
export const PACKED_NAME_COLUMNS = ["version", ...NAME_COLUMNS];
export const PACKED_HEAD_COLUMNS = [
  ...["version", "node", "number", "hash", "after"],
  ...["sequence", "writes_after_sec", "owner_chain", "given_up_by", "is_gift"],
];
export const PACKED_HISTORY_COLUMNS = ["node", "number", "entry", "hash"];

export function packName(arrival: NameArrival): PackedName {
  const { name, node, state, signatureState, end, entries, ofContracts, marks } = arrival;
  const itsNode = byteaText(node);
  const row = state && rowOfName(state);
  const { given_up_by: givenUpBy, ...others } = rowOfSignatureState(signatureState);
  const { sequence, writes_after_sec: after, owner_chain: chain, is_gift: isGift } = others;
  // without a history it is only the lock
  const head = [
    ...[itsNode, end?.number ?? 0, end && byteaText(end.hash), end && byteaText(end.after)],
    ...[sequence, after, chain, arrayText(givenUpBy), isGift],
  ];
  return {
    ...{ name, node, ofContracts },
    isGone: state === null,
    entries: entries.length,
    sharedForm: sharedDm3Form(name),
    rows: {
      name: row ? copyRow(NAME_COLUMNS.map((column) => row[column] as CopyValue)) : "",
      head: copyRow(head),
      history: entries
        .map(({ entry, hash, text }) => {
          const json = copyJson(text ?? JSON.stringify(entry));
          // no other character of hex is special
          return `\\${itsNode}\t${entry.number}\t${json}\t\\${byteaText(hash)}\n`;
        })
        .join(""),
      marks,
    },
  };
}

/** An array of bytes, as Postgres writes one. */
function arrayText(values: readonly string[]): string {
  return `{${values.map((value) => `"${value.replaceAll("\\", "\\\\")}"`).join(",")}}`;
}
