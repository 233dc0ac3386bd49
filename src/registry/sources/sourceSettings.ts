/** Everything that is kept of a source but its secret: one file a kind. */
import { z } from "zod";
import { postgresSettings } from "./postgresSettings.js";

export const sourceSettings = z.discriminatedUnion("kind", [postgresSettings]);

export type SourceSettings = z.infer<typeof sourceSettings>;
export type SourceKind = SourceSettings["kind"];
