/** Everything that is kept of a source but its secret: one file a kind. */
import { z } from "zod";
import { httpSettings } from "./httpSettings.js";
import { postgresSettings } from "./postgresSettings.js";

export const sourceSettings = z.discriminatedUnion("kind", [postgresSettings, httpSettings]);

export type SourceSettings = z.infer<typeof sourceSettings>;
