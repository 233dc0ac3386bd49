/** A page of a name's history; registry/history.ts draws the entries and their hashes. */
import { type Infer, list, nullable, number, object, oneOf, openObject, text } from "./shape.js";

export const historyPageSchema = object({
  entries: list(
    object({
      hash: text,
      entry: object({
        form: oneOf(1),
        name: text,
        number,
        previous: text,
        /** Unix time in milliseconds. */
        atMs: number,
        authority: openObject({
          kind: oneOf("service", "admin", "owner", "writer", "dm3", "database"),
        }),
        operation: text,
        change: openObject({}),
        before: text,
        after: text,
      }),
    }),
  ),
  next: nullable(number),
});

/** An entry with its hash, 0x hex of 32 bytes. */
export type HistoryItem = Infer<typeof historyPageSchema>["entries"][number];
