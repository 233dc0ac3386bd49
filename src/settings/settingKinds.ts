/** The kinds of values that settings have, as zod schemas over the text of an environment variable. */
import { z } from "zod";
import { placeOfDatabase } from "../db/pool.js";
import { normalizeName } from "../ens/normalize.js";
import { isSignpostError } from "../errors.js";

/** Only digits: JavaScript itself would read a space as 0, and 0x10 as 16. */
export const wholeNumber = (least: number, most: number) =>
  z
    .string()
    .regex(/^[0-9]+$/, "must be a whole number")
    .transform(Number)
    .pipe(z.number().min(least).max(most));

/** What `parse` makes of a text; its INVALID_CONFIGURATION completes a sentence that begins with the setting. */
export const parsedBy = <T>(parse: (text: string) => T) =>
  z.string().transform((text, context) => {
    try {
      return parse(text);
    } catch (error) {
      if (!isSignpostError(error, "INVALID_CONFIGURATION")) throw error;
      context.addIssue(error.message);
      return z.NEVER;
    }
  });

export const trueOrFalse = z.enum(["true", "false"]);

export const domainName = z.string().refine(
  (name) => {
    try {
      return normalizeName(name) === name;
    } catch {
      return false;
    }
  },
  { message: "must be an ENS name in normal form" },
);

/** What the driver takes, e.g. a socket's folder as `?host=/cloudsql/...`. */
export const databaseUrl = z.string().refine(
  (url) => {
    try {
      return placeOfDatabase(url) !== "";
    } catch {
      return false;
    }
  },
  { message: "must be a URL such as postgresql://user:password@host:port/database" },
);
