/** Who changes a domain: what a service says of itself to anybody, so that a domain with two primaries is seen. */
import { flag, type Infer, integer, nullable, object, text } from "./shape.js";

export const standingSchema = object({
  /** The domain that holds the name. */
  domain: text,
  /** The same for all services on one database, and another one for each other database. */
  database: text,
  takesChanges: flag,
  /** Where it is changed, if that is said and elsewhere. */
  changedAt: nullable(text),
  /** Of a mirror. */
  mirror: nullable(
    object({
      /** Null where it lies in a private network: nobody outside needs to know it. */
      primary: nullable(text),
      /** So old is what it has of its primary, in seconds; null while it was not copied as a whole. */
      behindSec: nullable(integer),
      /** Names that are not as its primary has them; more than a thousand are not counted. */
      namesNotTaken: integer,
    }),
  ),
});

export type StandingAnswer = Infer<typeof standingSchema>;
