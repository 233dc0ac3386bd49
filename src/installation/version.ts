/** The version of this installation, as its package.json has it. */
import { readFileSync } from "node:fs";

/** Above both src and dist. */
const PACKAGE_FILE = new URL("../../package.json", import.meta.url);

export const VERSION = (JSON.parse(readFileSync(PACKAGE_FILE, "utf8")) as { version: string })
  .version;
