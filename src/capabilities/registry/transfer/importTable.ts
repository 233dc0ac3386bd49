/** Names from a table of users, in the admin's right: those that are not there yet, unless they are to be replaced. */
import { namehash } from "../../../ens/namehash.js";
import { isSignpostError, SignpostError } from "../../../errors.js";
import type { Change } from "../../../registry/changes/change.js";
import { changeEach } from "../../../registry/changes/changeName.js";
import { noPause } from "../../../registry/changes/clock.js";
import { decidePrepared } from "../../../registry/changes/decidePrepared.js";
import { prepareAll } from "../../../registry/changes/prepareChange.js";
import { recordsAction } from "../../../registry/names/verifiedActions.js";
import type { NameStore, RegistryStores } from "../../../registry/store.js";
import { MOST_REMARKS } from "../../../transfer/arrive/outcomes.js";
import { mergedRecords } from "../../../transfer/csv/mergedRecords.js";
import {
  type ColumnsGiven,
  columnsOf,
  rowOf,
  type TableColumns,
  type TableRow,
} from "../../../transfer/csv/table.js";
import { ownRecordsSchema } from "../../../wire/ownRecordsSchema.js";
import { parseInput } from "../../../wire/parseInput.js";
import { csvRows } from "./csvRows.js";

const AT_ONCE = 1_000;

export interface TableImport {
  readonly registry: RegistryStores;
  readonly domain: string;
  readonly replace: boolean;
  readonly dryRun: boolean;
  readonly onRows: (count: number) => void;
}

type RowOutcome = "created" | "changed" | "unchanged" | "kept" | "collision" | "refused";

interface RowRemark {
  /** Of the file. */
  readonly line: number;
  readonly outcome: RowOutcome;
  readonly name: string;
  readonly reason: string;
}

export interface TableImported {
  readonly counts: Readonly<Partial<Record<RowOutcome, number>>>;
  readonly remarks: readonly RowRemark[];
  readonly unusedColumns: readonly string[];
}

interface Asked extends TableRow {
  readonly line: number;
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

async function changeRows(
  { registry, domain, replace, dryRun }: TableImport,
  rows: readonly Asked[],
): Promise<readonly RowRemark[]> {
  const remarks: RowRemark[] = [];
  const changes: { readonly row: Asked; readonly change: Change }[] = [];
  for (const row of rows) {
    try {
      changes.push({ row, change: await changeOf(row, domain, replace ? registry.names : null) });
    } catch (error) {
      if (!isSignpostError(error) || error.code === "INTERNAL") throw error;
      remarks.push(refusedRow(row, error, replace));
    }
  }
  const all = changes.map(({ change }) => change);
  const results = dryRun
    ? await rehearse(registry, all)
    : await changeEach(registry, all, Date.now, noPause);
  changes.forEach(({ row }, index) => {
    const result = results[index];
    if (result === undefined) return;
    if (result instanceof SignpostError) {
      remarks.push(refusedRow(row, result, replace));
      return;
    }
    const { line, name } = row;
    const changed = result.before === null ? "created" : "changed";
    remarks.push({ line, name, outcome: result.isChanged ? changed : "unchanged", reason: "" });
  });
  return remarks;
}

/** @param replaced where names that are there are read, to be changed as well; null: those stay as they are */
async function changeOf(
  { name, records, cleared }: Asked,
  domain: string,
  replaced: Pick<NameStore, "nameOf"> | null,
): Promise<Change> {
  const stored = (await replaced?.nameOf(namehash(name))) ?? null;
  const hasRecords = Object.keys(records).length > 0;
  const merged = stored === null ? records : mergedRecords(stored, records, cleared);
  const own = parseInput(ownRecordsSchema, "The row", merged);
  return {
    ...{ domain, name },
    actions: [hasRecords ? await recordsAction(own) : { kind: "create" }],
    authority: { kind: "admin" },
    // what was read of it must be what is replaced
    expected: stored === null ? { kind: "absent" } : { kind: "version", version: stored.version },
  };
}

type Result = Awaited<ReturnType<typeof changeEach>>[number] | Rehearsed;
type Rehearsed = { readonly before: object | null; readonly isChanged: boolean };

/** What would come of them; nothing is written. */
async function rehearse(
  registry: RegistryStores,
  changes: readonly Change[],
): Promise<readonly (Result | SignpostError)[]> {
  const prepared = await prepareAll(registry, changes, noPause);
  const results: (Rehearsed | SignpostError)[] = [];
  for (const one of prepared) {
    if (one instanceof SignpostError) {
      results.push(one);
      continue;
    }
    await registry.names.changeNames([one.target], (known) => {
      const decided = refusalOr(() => decidePrepared(one, known, Date.now));
      results.push(
        decided instanceof SignpostError
          ? decided
          : { before: known.stored, isChanged: decided.isChanged },
      );
      return null;
    });
  }
  return results;
}

function refusedRow(
  { line, name }: Asked,
  { code, message }: SignpostError,
  replace: boolean,
): RowRemark {
  // the name is there: nothing of it was looked at
  if (code === "VERSION_CONFLICT") {
    const reason = replace
      ? "it was changed at this moment; import the table again"
      : "it is there already; --replace changes it";
    return { line, name, outcome: "kept", reason };
  }
  return { line, name, outcome: "refused", reason: message };
}

function refusalOr<Value>(work: () => Value): Value | SignpostError {
  try {
    return work();
  } catch (error) {
    if (isSignpostError(error) && error.code !== "INTERNAL") return error;
    throw error;
  }
}
