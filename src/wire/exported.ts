/** A domain as its export has it, piece by piece: for a mirror, which knows what it has already. */
import { z } from "zod";
import { flag, type Infer, list, nullable, object, text } from "./shape.js";

const MOST_NAMES = 100;
const LARGEST_NUMBER = 2 ** 31 - 1;

export const nodeText = z.templateLiteral(["0x", z.string().regex(/^[0-9a-f]{64}$/)]);

export const askedNamesSchema = z.strictObject({
  names: z
    .array(
      z.strictObject({
        /** Its namehash, 0x hex. */
        node: nodeText,
        /** Entries of its history behind this number. */
        after: z.int().min(0).max(LARGEST_NUMBER).default(0),
      }),
    )
    .min(1)
    .max(MOST_NAMES),
});

export const exportedNamesSchema = object({
  /** The first of those that were asked for; ask again for the others. */
  names: list(
    object({
      node: text,
      /** The name's line and those of its entries, as in an export; none where the domain has no such name. */
      lines: list(text),
      /** Whether these are all entries behind the number; otherwise ask for the rest. */
      isWhole: flag,
    }),
  ),
});

export const exportedDomainSchema = object({
  /** The lines of an export before its names, without the first one and without reservations. */
  lines: list(text),
  /** Another text means that the reservations are others. */
  reservations: text,
});

export const exportedReservationsSchema = object({ lines: list(text), next: nullable(text) });

export const changedNodesSchema = object({
  nodes: list(text),
  /** Goes into `after`, also when nothing has changed yet. */
  next: text,
  /** Whether that is all for now. */
  isEnd: flag,
});

export const goneNamesSchema = object({
  /** Of names that are gone, and left a history or marks; perhaps none, with more behind them. */
  nodes: list(text),
  /** Goes into `after`; null at the end. */
  next: nullable(text),
});

export type ExportedNames = Infer<typeof exportedNamesSchema>;
