// npm run env-example: writes .env.example from the schema of the settings
import { writeFile } from "node:fs/promises";
import { envExample } from "../src/settings/config.js";

await writeFile(new URL("../.env.example", import.meta.url), envExample());
