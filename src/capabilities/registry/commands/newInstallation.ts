/** `--new`: the commands that may come before the first start of a service begin its embedded database. */
import type { WhereNone } from "../../../installation/database.js";

export interface NewFlag {
  readonly new?: true;
}

export const NEW_OPTION = [
  "--new",
  "begin a new installation in SIGNPOST_DIR, where no service ever ran",
] as const;

/** Without it nothing new is begun by mistake: by a shell without the settings of the service, say. */
export function whereNoneBy(flags: NewFlag): WhereNone {
  return flags.new === true ? "make" : "make tables";
}
