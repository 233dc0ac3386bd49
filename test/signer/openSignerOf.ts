import {
  type MissingKey,
  openGatewaySigner,
} from "../../src/capabilities/registry/openGatewaySigner.js";
import { registrySettings } from "../../src/capabilities/registry/settings.js";
import { installationSettings } from "../../src/settings/installationSettings.js";
import { type Environment, readSettings } from "../../src/settings/settingsPart.js";
import type { OpenSigner } from "../../src/signer/openSigner.js";

/** The gatewaySigner that these settings name. */
export async function openSignerOf(
  environment: Environment,
  missingKey: MissingKey,
): Promise<OpenSigner> {
  const settings = readSettings([installationSettings, registrySettings], environment);
  const { signer } = settings(registrySettings);
  return openGatewaySigner(signer, settings(installationSettings), missingKey);
}
