/** Serving: as one process, or as several behind one port. */
import cluster from "node:cluster";
import type { AnnouncedLine, Capability } from "../service/capability.js";
import { type GivenFile, openEnvironment } from "../settings/environment.js";
import { installationSettings } from "../settings/installationSettings.js";
import { sealingSettings } from "../settings/sealingSettings.js";
import type { Settings } from "../settings/settingsPart.js";
import { runPrimary } from "./primaryProcess.js";
import { capabilitiesNamed, settingsOf, startableWith } from "./served.js";
import { runService } from "./serviceProcess.js";

/**
 * To be called once, before anything else reads the environment. Returns when it serves; throws what stands in the way.
 * @param all capabilities that there are
 * @param names of those to run; INVALID_REQUEST for one that there is not
 * @param file of the settings
 */
export async function run(
  all: readonly Capability[],
  names: readonly string[],
  file: GivenFile = null,
): Promise<void> {
  const capabilities = capabilitiesNamed(all, names);
  const environment = openEnvironment(settingsOf(capabilities), settingsOf(all), file);
  const { readSettings, inheritedSecrets, misspelt } = environment;
  if (cluster.isPrimary) for (const sentence of misspelt) console.error(`signpost: ${sentence}`);
  const settings = readSettings();
  const config = settings(installationSettings);
  const announced = cluster.isPrimary ? await prepare(capabilities, settings) : [];
  if (cluster.isPrimary && config.processes > 1) {
    await runPrimary(config, announced, inheritedSecrets);
    return;
  }
  const startables = capabilities.map((one) => startableWith(one, settings, readSettings));
  await runService(config, startables, announced, settings(sealingSettings));
}

/** What is wrong with a capability's settings is said once, before any process serves. */
async function prepare(
  capabilities: readonly Capability[],
  settings: Settings,
): Promise<readonly AnnouncedLine[]> {
  const installation = settings(installationSettings);
  const announced: AnnouncedLine[] = [];
  for (const capability of capabilities) {
    announced.push(...(await capability.prepare(installation, settings(capability.settings))));
  }
  return announced;
}
