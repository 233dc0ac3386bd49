/** Rows in columns as wide as their widest cell, for a person to read. */

/** @param head above the columns, in capitals; without it the rows are a list of fields */
export function table(
  rows: readonly (readonly string[])[],
  head?: readonly string[],
): readonly string[] {
  const all = head === undefined ? rows : [head, ...rows];
  const widths: number[] = [];
  for (const row of all) {
    row.forEach((cell, column) => {
      widths[column] = Math.max(widths[column] ?? 0, cell.length);
    });
  }
  return all.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd(),
  );
}
