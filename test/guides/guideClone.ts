/** Where a guide's commands run: a folder that stands for a clone, with databases for what they start. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { openScratchDatabase } from "../../src/installation/scratchDatabase.js";
import { removeFolder } from "../childProgram.js";
import { cloneFolder, endScript, HANDS, type RunningScript, runScript } from "./guideScript.js";

export interface GuideClone {
  readonly folder: string;
  /** Of the installation in the folder. */
  readonly databaseUrl: string;
  /** For the guide's `npm run demo` in a terminal of its own. */
  readonly startDemo: (databaseUrl?: string) => string;
  /** Runs these commands to their end. */
  readonly run: (...commands: readonly string[]) => RunningScript["ended"];
  readonly close: () => Promise<void>;
}

export async function openGuideClone(): Promise<GuideClone> {
  const database = await openScratchDatabase();
  const demoDatabase = await openScratchDatabase();
  const folder = await cloneFolder();
  await writeFile(join(folder, ".env"), `DATABASE_URL=${database.url}\n`);
  let script: RunningScript | undefined;
  return {
    ...{ folder, databaseUrl: database.url },
    startDemo: (databaseUrl = demoDatabase.url) =>
      `start 'Everything stays up' env DATABASE_URL='${databaseUrl}' node --import tsx scripts/demo.ts`,
    run: async (...commands) => {
      script = await runScript([HANDS, ...commands].join("\n"), folder);
      return script.ended;
    },
    close: async () => {
      endScript(script);
      await removeFolder(folder);
      await database.close();
      await demoDatabase.close();
    },
  };
}
