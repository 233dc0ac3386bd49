/** Which capabilities a process runs, with the settings of each. */
import { SignpostError } from "../errors.js";
import type { Capability } from "../service/capability.js";
import type { Startable } from "../service/service.js";
import type { ReadSettings } from "../settings/environment.js";
import { installationSettings } from "../settings/installationSettings.js";
import { nearestName } from "../settings/nearestName.js";
import { sealingSettings } from "../settings/sealingSettings.js";
import type { Settings, SettingsPart } from "../settings/settingsPart.js";

/** Those with these names, in the order of `all`. Throws INVALID_REQUEST for a name that is none. */
export function capabilitiesNamed(
  all: readonly Capability[],
  names: readonly string[],
): readonly Capability[] {
  const unknown = names.find((name) => !all.some((capability) => capability.name === name));
  if (unknown !== undefined) {
    const known = all.map(({ name }) => name);
    const meant = nearestName(unknown, known);
    throw new SignpostError(
      "INVALID_REQUEST",
      `There is no capability ${JSON.stringify(unknown)}${meant === null ? "" : ` (did you mean ${meant}?)`}; name some of ${known.join(", ")}.`,
      { known },
    );
  }
  return all.filter(({ name }) => names.includes(name));
}

/** The parts of the settings that a process with these capabilities reads. */
export function settingsOf(capabilities: readonly Capability[]): readonly SettingsPart<unknown>[] {
  return [installationSettings, sealingSettings, ...capabilities.map(({ settings }) => settings)];
}

export function startableWith(
  capability: Capability,
  settings: Settings,
  readSettings: ReadSettings,
): Startable {
  const installation = settings(installationSettings);
  return {
    capability,
    start: (parts) =>
      capability.start(parts, {
        installation,
        own: settings(capability.settings),
        readAgain: () => readSettings()(capability.settings),
      }),
  };
}
