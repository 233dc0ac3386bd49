/** Names from a table of users, in the admin's right: those that are not there yet, unless they are to be replaced. */
import { SignpostError } from "../../../errors.js";
import { MOST_REMARKS } from "../../../transfer/arrive/outcomes.js";
import {
  type ColumnsGiven,
  columnsOf,
  rowOf,
  type TableColumns,
  type TableRow,
} from "../../../transfer/csv/table.js";
import {
  type Asked,
  changeRows,
  type RowOutcome,
  type RowRemark,
  type TableImport,
} from "./changeRows.js";
import { csvRows } from "./csvRows.js";
import { refusalOr } from "./refusalOr.js";

const AT_ONCE = 1_000;

export interface TableImported {
  readonly counts: Readonly<Partial<Record<RowOutcome, number>>>;
  readonly remarks: readonly RowRemark[];
  readonly unusedColumns: readonly string[];
}

/** Rows one after the other, in bounded memory. */
export interface RowsOfUsers {
  readonly rows: AsyncIterable<{
    /** Where it stands in its file, from 1. */
    readonly line: number;
    /** An error refuses the row. */
    readonly row: TableRow | SignpostError;
  }>;
  /** Columns or fields that are not read; asked when all rows were. */
  unused(): readonly string[];
}

/** Throws INVALID_REQUEST for what is no table, or lacks a column. */
export function importTable(
  file: string,
  into: TableImport & { readonly given: ColumnsGiven },
): Promise<TableImported> {
  return importRows(tableRows(file, into.given, into.domain), into);
}

/** Throws what reading the rows throws. */
export async function importRows(users: RowsOfUsers, into: TableImport): Promise<TableImported> {
  const counts: Partial<Record<RowOutcome, number>> = {};
  const remarks: RowRemark[] = [];
  const note = (remark: RowRemark) => {
    counts[remark.outcome] = (counts[remark.outcome] ?? 0) + 1;
    if (remark.reason !== "" && remarks.length < MOST_REMARKS) remarks.push(remark);
  };
  /** The line that has a name already; of a row that is refused, another one may have it. */
  const lineOf = new Map<string, number>();
  let asked: Asked[] = [];
  let count = 0;
  const flush = async () => {
    const some = asked;
    asked = [];
    for (const remark of await changeRows(into, some)) {
      if (remark.outcome === "refused") lineOf.delete(remark.name);
      note(remark);
    }
    into.onRows(count);
  };
  for await (const { line, row } of users.rows) {
    count++;
    if (row instanceof SignpostError) {
      note({ line, outcome: "refused", name: "", reason: row.message });
      continue;
    }
    // whether the first row of a name is refused, trying it tells
    const isUntried = lineOf.has(row.name) && asked.some(({ name }) => name === row.name);
    if (isUntried) await flush();
    const first = lineOf.get(row.name);
    if (first !== undefined) {
      const reason = `line ${first} is ${row.name} as well. That one has the name; choose another one for this row`;
      note({ line, outcome: "collision", name: row.name, reason });
      continue;
    }
    lineOf.set(row.name, line);
    asked.push({ ...row, line });
    if (asked.length === AT_ONCE) await flush();
  }
  await flush();
  return { counts, remarks, unusedColumns: users.unused() };
}

function tableRows(file: string, given: ColumnsGiven, domain: string): RowsOfUsers {
  let columns: TableColumns | null = null;
  async function* rows() {
    for await (const { line, fields } of csvRows(file)) {
      if (columns === null) columns = columnsOf(fields, given);
      else {
        const its = columns;
        yield { line, row: refusalOr(() => rowOf(fields, its, domain)) };
      }
    }
  }
  return { rows: rows(), unused: () => columns?.unused ?? [] };
}
