/** Serving: as one process, or as several behind one port. */
import cluster from "node:cluster";
import type { Fact } from "../service/capability.js";
import type { Capability } from "../service/capability.js";
import { openEnvironment } from "../settings/environment.js";
import { installationSettings } from "../settings/installationSettings.js";
import { sealingSettings } from "../settings/sealingSettings.js";
import type { Settings } from "../settings/settingsPart.js";
import { runPrimary } from "./primaryProcess.js";
import { settingsOf, startableWith } from "./served.js";
import { runService } from "./serviceProcess.js";

/**
 * To be called once, before anything else reads the environment. Returns when it serves; throws what stands in the way.
 */
export async function run(capabilities: readonly Capability[]): Promise<void> {
  const { readSettings, inheritedSecrets, misspelt } = openEnvironment(settingsOf(capabilities));
  if (cluster.isPrimary) for (const sentence of misspelt) console.error(`signpost: ${sentence}`);
  const settings = readSettings();
  const config = settings(installationSettings);
  const facts = cluster.isPrimary ? await prepare(capabilities, settings) : [];
  if (cluster.isPrimary && config.processes > 1) {
    await runPrimary(config, facts, inheritedSecrets);
    return;
  }
  const startables = capabilities.map((one) => startableWith(one, settings, readSettings));
  await runService(config, startables, facts, settings(sealingSettings));
}

/** What is wrong with a capability's settings is said once, before any process serves. */
async function prepare(
  capabilities: readonly Capability[],
  settings: Settings,
): Promise<readonly Fact[]> {
  const installation = settings(installationSettings);
  const facts: Fact[] = [];
  for (const capability of capabilities) {
    facts.push(...(await capability.prepare(installation, settings(capability.settings))));
  }
  return facts;
}
