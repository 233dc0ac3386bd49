/** Tables for people and screen readers; on a phone each row is a card, with the heading before each value. */
import { type Child, element } from "../page-parts/dom.js";

export interface Column<Row> {
  readonly heading: string;
  /** The first one names the row. */
  readonly cell: (row: Row) => Child | readonly Child[];
  readonly isNumber?: true;
}

/** @param caption what the table is, and how much of it */
export function table<Row>(
  caption: string,
  columns: readonly Column<Row>[],
  rows: readonly Row[],
): HTMLElement {
  // as cards, elements of a table are blocks, which browsers then tell screen readers: the roles stay
  const head = columns.map(({ heading }) =>
    element("th", { scope: "col", role: "columnheader" }, heading),
  );
  return element(
    "table",
    { role: "table" },
    element("caption", {}, caption),
    element("thead", { role: "rowgroup" }, element("tr", { role: "row" }, ...head)),
    element("tbody", { role: "rowgroup" }, ...rows.map((row) => rowOf(columns, row))),
  );
}

function rowOf<Row>(columns: readonly Column<Row>[], row: Row): HTMLElement {
  const cells = columns.map(({ heading, cell, isNumber }, at) => {
    const shown = cell(row);
    const children = typeof shown === "string" || shown instanceof Node ? [shown] : shown;
    // one element beside the heading, on a phone
    const value = element("div", {}, ...children);
    const attributes = {
      "data-heading": heading,
      ...(isNumber && { class: "number" }),
    };
    return at === 0
      ? element("th", { ...attributes, scope: "row", role: "rowheader" }, value)
      : element("td", { ...attributes, role: "cell" }, value);
  });
  return element("tr", { role: "row" }, ...cells);
}
