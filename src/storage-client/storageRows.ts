/** What a storage answers, read within bounds. Each function throws SyntaxError for what is no such answer. */

export interface MessageRow {
  /** The storage's own; null where it gave none that can be one. */
  readonly id: string | null;
  readonly sealedContainer: string;
  /** Unix time in milliseconds, by the clock of the client that stored it. */
  readonly createdMs: number;
  readonly isHalted: boolean;
}

export interface ConversationRow {
  readonly sealedName: string;
  /** Null without a message. */
  readonly sealedPreview: string | null;
  /** Null where none was given. */
  readonly sealedLocations: string | null;
  /** Unix time in milliseconds, by the storage's clock. */
  readonly updatedMs: number;
}

export interface HaltedRow {
  /** The storage's own, which it wants for clearing. */
  readonly id: string;
  readonly sealedContainer: string;
}

const MOST_ROWS = 20_000;
const ROW_ID = /^0x[0-9a-f]{64}$/;

type Fields = Readonly<Record<string, unknown>>;

export const readConversationRows = (json: unknown) =>
  rowsIn(json, (row): ConversationRow => {
    const { previewMessage: preview, encryptedProfileLocation: locations } = row;
    return {
      sealedName: textIn(row, "contact"),
      sealedPreview: typeof preview === "string" && preview !== "" ? preview : null,
      sealedLocations: typeof locations === "string" && locations !== "" ? locations : null,
      updatedMs: timeIn(row, "updatedAt"),
    };
  });

export const readMessageRows = (json: unknown) =>
  rowsIn(json, (row): MessageRow => ({
    id: typeof row["id"] === "string" && ROW_ID.test(row["id"]) ? row["id"] : null,
    sealedContainer: textIn(row, "encryptedEnvelopContainer"),
    createdMs: timeIn(row, "createdAt"),
    isHalted: row["isHalted"] === true,
  }));

export const readHaltedRows = (json: unknown) =>
  rowsIn(json, (row): HaltedRow => ({
    id: textIn(row, "messageId"),
    sealedContainer: textIn(row, "encryptedEnvelopContainer"),
  }));

/** Rows are objects, or JSON texts of them, as dm3's storage writes those of messages. */
function rowsIn<T>(json: unknown, read: (row: Fields) => T): readonly T[] {
  if (!Array.isArray(json) || json.length > MOST_ROWS) throw new SyntaxError("no list");
  return json.map((given: unknown) => {
    const row: unknown = typeof given === "string" ? JSON.parse(given) : given;
    return read(Object(row) as Fields);
  });
}

function textIn(row: Fields, field: string): string {
  const value = row[field];
  if (typeof value !== "string") throw new SyntaxError(`no ${field}`);
  return value;
}

/** ISO 8601, or milliseconds. */
function timeIn(row: Fields, field: string): number {
  const value = row[field];
  const ms = typeof value === "string" ? Date.parse(value) : value;
  if (typeof ms !== "number" || !Number.isFinite(ms)) throw new SyntaxError(`no ${field}`);
  return ms;
}
