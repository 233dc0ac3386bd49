/** The names of one change, on their way through its statements. */
import type { Hex } from "../abi/hex.js";
import type { NameTarget } from "../registry/history/lockedName.js";
import { fromDatabase } from "./databaseError.js";
import type { Connection } from "./transaction.js";

export interface Item {
  readonly target: NameTarget;
  /** Among the targets as they were given. */
  readonly index: number;
  readonly key: Hex;
}

export function nodesOf(items: readonly Item[]): readonly Uint8Array[] {
  return items.map(({ target }) => target.node);
}

export async function run<Row extends object = object>(
  connection: Connection,
  statement: { readonly name: string; readonly text: string },
  values: readonly unknown[],
): Promise<readonly Row[]> {
  const question = { ...statement, values: [...values] };
  return (await fromDatabase(connection.query<Row>(question))).rows;
}
