/** A page of what changed in a domain. */
import { nameSchema } from "./nameAnswer.js";
import { flag, type Infer, integer, list, nullable, object, text } from "./shape.js";

export const changesPageSchema = object({
  changes: list(
    object({
      /** Goes into `after`, to go on behind this change. */
      cursor: text,
      /** Its namehash, 0x hex: all that is known of a name that is gone. */
      node: text,
      /** As it is now; null where it was deleted, or belongs to another domain. */
      name: nullable(nameSchema),
      /** The last entry of its history, with its hash as 0x hex; null where it has none, and for a name that is gone. */
      entry: nullable(object({ number: integer, hash: text })),
    }),
  ),
  /** Goes into `after`, also when nothing has changed yet. */
  next: text,
  /** Whether that is all for now. */
  isEnd: flag,
});

export type ChangesPage = Infer<typeof changesPageSchema>;
export type ChangeItem = ChangesPage["changes"][number];
