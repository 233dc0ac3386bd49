/** `npm run bench`: peers and we side by side, on the same queries and the same data. */
import { isSignpostError, SignpostError } from "../src/errors.js";
import { runCase } from "./cases/cases.js";
import { openWorld } from "./cases/world.js";
import { describeMachine } from "./machine.js";
import { type Options, readOptions, USAGE } from "./options.js";
import { say } from "./progress.js";
import type { CaseName, CaseResult } from "./report/caseResult.js";
import { writeReadme } from "./report/readme.js";
import { readResults, type Results, resultsOf, writeResults } from "./report/results.js";
import { formatReport } from "./report/summary.js";

const LATEST = "latest.json";
const QUICK = "quick.json";

try {
  const options = readOptions(process.argv.slice(2));
  if (options.help) console.log(USAGE);
  else if (options.readme) await publish();
  else await bench(options);
} catch (error) {
  if (!isSignpostError(error)) throw error;
  console.error(`bench: ${error.message}`);
  process.exitCode = error.code === "INVALID_REQUEST" ? 2 : 1;
}

async function bench(options: Options): Promise<void> {
  const file = options.quick ? QUICK : LATEST;
  const [machine, measured] = await measureAll(options);
  const results = resultsOf(machine, measured, null);
  console.log(options.json ? JSON.stringify(results, null, 2) : formatReport(results));
  // kept beside what was measured before and not now
  const kept = resultsOf(machine, measured, await readResults(file));
  await writeResults(file, kept);
  say(`wrote bench/results/${file}`);
  const { keptRatios = [] } = kept;
  if (keptRatios.length > 0) say(`kept from an earlier run: ${keptRatios.join(", ")}`);
}

async function measureAll(options: Options): Promise<[Results["machine"], Results["cases"]]> {
  const world = await openWorld(options);
  const stop = () => void world.close().finally(() => process.exit(130));
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, stop);
  try {
    const machine = await describeMachine(world.databaseUrl, world.instruments.tool.name);
    say(`${machine.loadTool}, Postgres ${machine.postgres}, ${machine.cores} cores`);
    const cases: Partial<Record<CaseName, CaseResult>> = {};
    for (const name of options.cases) {
      const result = await runCase(name, world);
      if (result !== null) cases[name] = result;
    }
    return [machine, cases];
  } finally {
    await world.close();
  }
}

async function publish(): Promise<void> {
  const results = await readResults(LATEST);
  if (results === null) {
    throw new SignpostError("INVALID_REQUEST", "There are no results yet; run `npm run bench`.");
  }
  await writeReadme(results);
  say("wrote the table into README.md");
}
