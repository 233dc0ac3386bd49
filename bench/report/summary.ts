/** What is printed at the end. */
import type { Results } from "./results.js";
import { CASE_ORDER } from "./results.js";
import { formatResults, markdownTable, times } from "./table.js";

export function formatReport({ cases, targets }: Results): string {
  const measured = CASE_ORDER.flatMap((name) => cases[name] ?? []);
  const notes = measured.flatMap(({ title, notes: ofCase }) =>
    ofCase.map((note) => `- ${title.split(":")[0] ?? title}: ${note}`),
  );
  const rows = targets.map(({ what, measured: value, is, bound, met }) => [
    what,
    value === null ? "–" : times(value),
    `${is} ${bound}`,
    met === null ? "not measured" : met ? "reached" : "MISSED",
  ]);
  const targetTable = markdownTable([["target", "measured", "wanted", ""], ...rows], 1);
  return [
    formatResults(measured),
    targetTable,
    ...(notes.length > 0 ? [notes.join("\n")] : []),
  ].join("\n\n");
}
