/** What an export is told of each name and entry. */
import { sameBytes } from "../../abi/bytes.js";
import { namehash, type Node } from "../../ens/namehash.js";
import { SignpostError } from "../../errors.js";
import type { HistoryEntry } from "../../registry/history/historyEntry.js";
import { nameState } from "../../registry/names/nameState.js";
import { NEVER_SIGNED } from "../../registry/names/signatureState.js";
import type { ExportItem } from "../../transfer/exportPort.js";
import type { NameFacts } from "../../transfer/form/writeLine.js";
import { digestOf, nodeOf } from "../bytea.js";
import { nameOfRow, type NameRow } from "../nameRow.js";
import { signatureStateOfRow, type SignatureStateRow } from "../signatureStateRow.js";
import type { Connection } from "../transaction.js";
import { exportRows } from "./exportCursor.js";

/** As the driver reads it. */
export interface ExportRow extends NameRow, Omit<SignatureStateRow, "sequence"> {
  readonly its_node: Buffer;
  readonly its_name: string;
  readonly is_first: boolean;
  readonly sequence: string | null;
  readonly end_number: number | null;
  readonly end_hash: Buffer | null;
  readonly retired: readonly Buffer[];
  readonly served_before: readonly Buffer[];
  readonly row_digest: Buffer | null;
  readonly served: Buffer | null;
  readonly entry_number: number | null;
  readonly entry: HistoryEntry | null;
  readonly entry_hash: Buffer | null;
}

/** @param after the name behind which they begin; null: with the first */
export async function* exportItems(
  connection: Connection,
  domain: string,
  after: string | null,
  withEntries: boolean,
): AsyncGenerator<ExportItem> {
  for await (const rows of exportRows<ExportRow>(connection, domain, after, withEntries)) {
    for (const row of rows) {
      if (row.is_first) yield { kind: "name", facts: factsOf(row) };
      const { entry, entry_hash: hash } = row;
      if (entry && hash) yield { kind: "entry", sealed: { entry, hash: digestOf(hash) } };
    }
  }
}

export function factsOf(row: ExportRow): NameFacts {
  const { sequence, row_digest: digest, served } = row;
  const isThere = (row.name as string | null) !== null;
  if (!isThere) assertNamed(nodeOf(row.its_node), row.its_name);
  return {
    name: row.its_name,
    end:
      row.end_number && row.end_hash
        ? { number: row.end_number, hash: digestOf(row.end_hash) }
        : null,
    signatureState: sequence === null ? NEVER_SIGNED : signatureStateOfRow({ ...row, sequence }),
    retired: row.retired.map(digestOf),
    served: digest && served && { digest: digestOf(digest), fingerprint: digestOf(served) },
    servedBefore: row.served_before.map(digestOf),
    state: isThere ? nameState(nameOfRow(row)) : null,
  };
}

/** What is gone is known by what its history says. */
function assertNamed(node: Node, name: string): void {
  if (sameBytes(namehash(name), node)) return;
  throw new SignpostError(
    "INTERNAL",
    `A history is said to be that of ${name}, and lies under another node, so the database was changed by hand. \`signpost history verify --all\` says which one it is.`,
    { name },
  );
}
