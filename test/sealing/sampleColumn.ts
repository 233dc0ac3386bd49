/** A column of sealed values, as a mail bridge might have it. */
import type { Place, SealedColumn } from "../../src/sealing/place.js";

export const PASSWORD: SealedColumn = {
  capability: "mail",
  table: "account",
  column: "password",
  primaryKey: [
    { column: "domain", type: "text" },
    { column: "id", type: "bigint" },
  ],
  dataKeyColumn: "password_key",
};

export const PLACE: Place = { column: PASSWORD, row: ["example.org", 7n] };
