/** What a name answers with: every record that it has, as text. */
import type { NameAnswer } from "../../sdk/index.js";
import { element } from "../page-parts/dom.js";
import { type Column, table } from "./table.js";
import { block, foreign, longText } from "./values.js";

interface Row {
  readonly kind: string;
  /** Of a kind that holds many; empty otherwise. */
  readonly key: string;
  readonly value: string;
}

const COLUMNS: readonly Column<Row>[] = [
  {
    heading: "Record",
    cell: ({ kind, key }) => (key === "" ? kind : [`${kind} `, foreign(key)]),
  },
  { heading: "Value", cell: ({ value }) => longText(value) },
];

export function recordsBlock(name: NameAnswer): HTMLElement {
  const rows = rowsOf(name);
  if (rows.length === 0) return block("Records", element("p", {}, "It has none."));
  const caption = rows.length === 1 ? "1 record" : `${rows.length} records`;
  return block("Records", table(caption, COLUMNS, rows));
}

function rowsOf(name: NameAnswer): readonly Row[] {
  const { addresses, texts, abis, data, interfaces, contenthash, nameRecord, pubkey } = name;
  const { "60": wallet, ...otherCoins } = addresses;
  return [
    ...(wallet === undefined ? [] : [{ kind: "Wallet", key: "", value: wallet }]),
    ...rowsOfMap("Text", texts),
    ...rowsOfMap("Address of coin", otherCoins),
    ...(contenthash === null ? [] : [{ kind: "Content hash", key: "", value: contenthash }]),
    ...(nameRecord === null ? [] : [{ kind: "Name", key: "", value: nameRecord }]),
    ...(pubkey === null
      ? []
      : [{ kind: "Public key", key: "", value: `x ${pubkey.x}, y ${pubkey.y}` }]),
    ...rowsOfMap("ABI of type", abis),
    ...rowsOfMap("Data", data),
    ...rowsOfMap("Interface", interfaces),
  ];
}

function rowsOfMap(kind: string, map: Readonly<Record<string, string>>): readonly Row[] {
  return Object.entries(map).map(([key, value]) => ({ kind, key, value }));
}
