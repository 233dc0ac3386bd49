// npm run env-example: writes .env.example from the settings of the installation and of all capabilities
import { writeFile } from "node:fs/promises";
import { CAPABILITIES } from "../src/capabilities/list.js";
import { settingsOf } from "../src/process/served.js";
import { envExample } from "../src/settings/envExample.js";

await writeFile(new URL("../.env.example", import.meta.url), envExample(settingsOf(CAPABILITIES)));
