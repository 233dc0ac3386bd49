/** Where the settings come from: the environment of this process, and beneath it a file, .env unless another is given. */
import { readFileSync } from "node:fs";
import { parseEnv } from "node:util";
import { SignpostError } from "../errors.js";
import { misspeltSettings, settingNames } from "./misspelt.js";
import {
  type Environment,
  readSettings,
  secretSettings,
  type Settings,
  type SettingsPart,
} from "./settingsPart.js";

const USUAL_FILE = ".env";

/** The path of the file that was asked for; null for .env, which need not be there. */
export type GivenFile = string | null;

/**
 * Reads the settings as they are when it is called: the environment that the process was started with, and the
 * file as it is then. Throws INVALID_CONFIGURATION.
 */
export type ReadSettings = () => Settings;

export interface ProcessEnvironment {
  readonly readSettings: ReadSettings;
  /** The secrets of its parts that the process itself was started with; those of the file are not among them. */
  readonly inheritedSecrets: Readonly<Record<string, string>>;
  /** A sentence about each name that is nearly that of a setting. */
  readonly misspelt: readonly string[];
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
  file: GivenFile = null,
): ProcessEnvironment {
  const inherited = { ...process.env };
  const misspelt = misspeltIn(Object.keys(inherited), settingNames(all), file);
  loadSettingsFile(file);
  for (const secret of secretSettings(all)) Reflect.deleteProperty(process.env, secret);
  return {
    readSettings: () => readSettings(parts, { ...settingsFile(file), ...inherited }),
    misspelt,
    inheritedSecrets: Object.fromEntries(
      secretSettings(parts)
        .map((name) => [name, inherited[name]] as const)
        .filter((entry): entry is readonly [string, string] => entry[1] !== undefined),
    ),
  };
}

/** As `ProcessEnvironment.misspelt`, before `loadSettingsFile`. Throws INVALID_CONFIGURATION. */
export function misspeltIn(
  inEnvironment: readonly string[],
  known: readonly string[],
  file: GivenFile = null,
): readonly string[] {
  return misspeltSettings({ inFile: Object.keys(settingsFile(file)), inEnvironment }, known);
}

/**
 * A sentence for each setting of ours that the environment has otherwise than the file that was asked for: the environment
 * counts, and may be of another installation. No value is repeated. Before `loadSettingsFile`.
 */
export function overriddenIn(
  environment: Environment,
  known: readonly string[],
  file: string,
): readonly string[] {
  return Object.entries(settingsFile(file)).flatMap(([name, value]) => {
    const counts = environment[name];
    if (!known.includes(name) || counts === undefined || counts === value) return [];
    return [`${name} of the environment counts, and not that of ${file}, which is another one.`];
  });
}

/** What the file says and the environment does not becomes part of it. Throws INVALID_CONFIGURATION. */
export function loadSettingsFile(file: GivenFile = null): void {
  for (const [name, value] of Object.entries(settingsFile(file))) {
    // undefined would become a text
    if (value !== undefined) process.env[name] ??= value;
  }
}

function settingsFile(given: GivenFile): Readonly<Record<string, string | undefined>> {
  const file = given ?? USUAL_FILE;
  try {
    return parseEnv(readFileSync(file, "utf8"));
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    if (code === "ENOENT" && given === null) return {};
    const advice =
      given === null
        ? "Make it a file that this account may read, or move it away."
        : "Give --env-file a file that this account may read.";
    throw new SignpostError(
      "INVALID_CONFIGURATION",
      `The settings in ${file} cannot be read (${code}). ${advice}`,
      {},
      { cause: error },
    );
  }
}
