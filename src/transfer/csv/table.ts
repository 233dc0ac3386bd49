/** A table of users as changes of names: which column is what, and what each row asks for. */
import { labelOf } from "../../ens/labelOf.js";
import { SignpostError } from "../../errors.js";
import type { OwnRecords } from "../../wire/ownRecords.js";
import { fieldText } from "./csvField.js";

export interface ColumnsGiven {
  /** The column with the user name; null: the first of `LABEL_COLUMNS` that there is. */
  readonly label: string | null;
  /** Column by text key. */
  readonly texts: ReadonlyMap<string, string>;
  /** Column by coin type, in decimal. */
  readonly addresses: ReadonlyMap<string, string>;
}

export interface TableColumns {
  readonly label: number;
  /** Index by text key. */
  readonly texts: ReadonlyMap<string, number>;
  readonly addresses: ReadonlyMap<string, number>;
  /** Headings of columns that are not read. */
  readonly unused: readonly string[];
}

export interface TableRow {
  /** Under the domain. */
  readonly name: string;
  /** Undefined where the table has none. */
  readonly records: Pick<OwnRecords, "texts" | "addresses" | "contenthash">;
  /** Keys whose field is empty. */
  readonly cleared: { readonly texts: readonly string[]; readonly addresses: readonly string[] };
}

const LABEL_COLUMNS = ["label", "username", "user_name", "user", "name"];

/** A column whose heading is `text.<key>` or `address.<coin type>` is that record, as in our own exports. */
const RECORD_COLUMN = /^(text|address)\.(.+)$/;

/** The wallet of a name follows from what it signed. */
const WALLET = "60";

/** Throws INVALID_REQUEST. */
export function columnsOf(headings: readonly string[], given: ColumnsGiven): TableColumns {
  const indexOf = (heading: string): number => {
    const index = headings.indexOf(heading);
    if (index !== -1 && headings.lastIndexOf(heading) === index) return index;
    throw refused(
      index === -1
        ? `The table has no column ${JSON.stringify(heading)}. Its columns are ${headings.join(", ")}.`
        : `The table has two columns ${JSON.stringify(heading)}. Rename one.`,
    );
  };
  const label = given.label ?? LABEL_COLUMNS.find((one) => headings.includes(one));
  if (label === undefined) {
    throw refused(
      `The table has no column ${LABEL_COLUMNS.join(", ")}; say by --label which one has the user names.`,
    );
  }
  const texts = new Map<string, number>();
  const addresses = new Map<string, number>();
  for (const heading of headings) {
    const [, kind, key = ""] = RECORD_COLUMN.exec(heading) ?? [];
    if (kind === "text") texts.set(key, indexOf(heading));
    if (kind === "address" && key !== WALLET) addresses.set(key, indexOf(heading));
  }
  for (const [key, column] of given.texts) texts.set(key, indexOf(column));
  for (const [coinType, column] of given.addresses) addresses.set(coinType, indexOf(column));
  const used = new Set([indexOf(label), ...texts.values(), ...addresses.values()]);
  const unused = headings.filter((_, index) => !used.has(index));
  return { label: indexOf(label), texts, addresses, unused };
}

/** Throws INVALID_NAME where no label can be made of the user name. */
export function rowOf(
  fields: readonly string[],
  { label, texts, addresses }: TableColumns,
  domain: string,
): TableRow {
  const fieldAt = (index: number) => fieldText(fields[index] ?? "");
  const given = (columns: ReadonlyMap<string, number>) =>
    Object.fromEntries(
      [...columns].map(([key, index]) => [key, fieldAt(index)]).filter(([, text]) => text !== ""),
    ) as Record<string, string>;
  const empty = (columns: ReadonlyMap<string, number>) =>
    [...columns].filter(([, index]) => fieldAt(index) === "").map(([key]) => key);
  return {
    name: nameOf(fieldAt(label), domain),
    cleared: { texts: empty(texts), addresses: empty(addresses) },
    records: {
      ...(texts.size > 0 && { texts: given(texts) }),
      ...(addresses.size > 0 && { addresses: given(addresses) }),
    },
  };
}

/** A full name under the domain stays, as our own exports have them. */
function nameOf(userName: string, domain: string): string {
  return userName.endsWith(`.${domain}`) ? userName : `${labelOf(userName)}.${domain}`;
}

function refused(sentence: string): SignpostError {
  return new SignpostError("INVALID_REQUEST", sentence);
}
