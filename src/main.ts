/** `npm start`: the service alone, as one process or as several behind one port. */
import cluster from "node:cluster";
import { isSignpostError } from "./errors.js";
import { runPrimary } from "./process/primaryProcess.js";
import { runService } from "./process/serviceProcess.js";
import { type Environment, openEnvironment } from "./settings/environment.js";

try {
  await run(openEnvironment());
} catch (error) {
  if (!isSignpostError(error)) throw error;
  console.error(`signpost: ${error.message}`);
  process.exit(1);
}

async function run(environment: Environment): Promise<void> {
  const config = environment.readSettings();
  if (cluster.isPrimary && config.processes > 1) await runPrimary(config, environment);
  else await runService(config, environment.readSettings);
}
