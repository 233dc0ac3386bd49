/** Rows of a table of users, as changes of names in the admin's right. */
import { namehash } from "../../../ens/namehash.js";
import { isSignpostError, SignpostError } from "../../../errors.js";
import type { Change } from "../../../registry/changes/change.js";
import { changeEach } from "../../../registry/changes/changeName.js";
import { noPause } from "../../../registry/changes/clock.js";
import { decidePrepared } from "../../../registry/changes/decidePrepared.js";
import { prepareAll } from "../../../registry/changes/prepareChange.js";
import { recordsAction } from "../../../registry/names/verifiedActions.js";
import type { NameStore, RegistryStores } from "../../../registry/store.js";
import { mergedRecords } from "../../../transfer/csv/mergedRecords.js";
import type { TableRow } from "../../../transfer/csv/table.js";
import { ownRecordsSchema } from "../../../wire/ownRecordsSchema.js";
import { parseInput } from "../../../wire/parseInput.js";
import { refusalOr } from "./refusalOr.js";

export interface TableImport {
  readonly registry: RegistryStores;
  readonly domain: string;
  readonly replace: boolean;
  readonly dryRun: boolean;
  readonly onRows: (count: number) => void;
}

export type RowOutcome = "created" | "changed" | "unchanged" | "kept" | "collision" | "refused";

export interface RowRemark {
  /** Of the file. */
  readonly line: number;
  readonly outcome: RowOutcome;
  readonly name: string;
  readonly reason: string;
}

export interface Asked extends TableRow {
  readonly line: number;
}

export async function changeRows(
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
