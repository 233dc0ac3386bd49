/** Where the settings come from: the environment of this process, and beneath it the file .env. */
import { readFileSync } from "node:fs";
import { parseEnv } from "node:util";
import { SignpostError } from "../errors.js";
import { readSettings, secretSettings, type Settings, type SettingsPart } from "./settingsPart.js";

const FILE = ".env";

/**
 * Reads the settings as they are when it is called: the environment that the process was started with, and the
 * file as it is then. Throws INVALID_CONFIGURATION.
 */
export type ReadSettings = () => Settings;

export interface ProcessEnvironment {
  readonly readSettings: ReadSettings;
  /** The secrets of its parts that the process itself was started with; those of the file are not among them. */
  readonly inheritedSecrets: Readonly<Record<string, string>>;
}

/**
 * To be called once, at the start. Everything in .env becomes part of the environment, for libraries that read
 * theirs there; but our secrets are taken out of it, so that no child process inherits them.
 * @param parts that this process reads
 * @param all parts that there are: .env may hold the secrets of each
 */
export function openEnvironment(
  parts: readonly SettingsPart<unknown>[],
  all: readonly SettingsPart<unknown>[],
): ProcessEnvironment {
  const inherited = { ...process.env };
  loadSettingsFile();
  for (const secret of secretSettings(all)) Reflect.deleteProperty(process.env, secret);
  return {
    readSettings: () => readSettings(parts, { ...settingsFile(), ...inherited }),
    inheritedSecrets: Object.fromEntries(
      secretSettings(parts)
        .map((name) => [name, inherited[name]] as const)
        .filter((entry): entry is readonly [string, string] => entry[1] !== undefined),
    ),
  };
}

/** What .env says and the environment does not becomes part of it. Throws INVALID_CONFIGURATION. */
export function loadSettingsFile(): void {
  for (const [name, value] of Object.entries(settingsFile())) {
    // undefined would become a text
    if (value !== undefined) process.env[name] ??= value;
  }
}

function settingsFile(): Readonly<Record<string, string | undefined>> {
  try {
    return parseEnv(readFileSync(FILE, "utf8"));
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    if (code === "ENOENT") return {};
    throw new SignpostError(
      "INVALID_CONFIGURATION",
      `The settings in .env cannot be read (${code}). Make it a file that this account may read, or move it away.`,
      {},
      { cause: error },
    );
  }
}
