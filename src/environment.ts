/** Where the settings come from: the environment of this process, and beneath it the file .env. */
import { existsSync, readFileSync } from "node:fs";
import { parseEnv } from "node:util";
import { type Config, SECRET_SETTINGS, readConfig } from "./config.js";

const FILE = ".env";

/**
 * Reads the settings as they are when it is called: the environment that the process was started with, and the
 * file as it is then. Throws INVALID_CONFIGURATION.
 */
export type ReadSettings = () => Config;

export interface Environment {
  readonly readSettings: ReadSettings;
  /** The secrets that the process itself was started with; those of the file are not among them. */
  readonly inheritedSecrets: Readonly<Record<string, string>>;
}

/**
 * To be called once, at the start. Everything in .env becomes part of the environment, for libraries that read
 * theirs there; but our secrets are taken out of it, so that no child process inherits them.
 */
export function openEnvironment(): Environment {
  const inherited = { ...process.env };
  if (existsSync(FILE)) process.loadEnvFile(FILE);
  for (const secret of SECRET_SETTINGS) Reflect.deleteProperty(process.env, secret);
  return {
    readSettings: () => readConfig({ ...settingsFile(), ...inherited }),
    inheritedSecrets: secretsOf(inherited),
  };
}

function secretsOf(environment: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(
    SECRET_SETTINGS.map((name) => [name, environment[name]] as const).filter(
      (entry): entry is readonly [string, string] => entry[1] !== undefined,
    ),
  );
}

function settingsFile(): Readonly<Record<string, string | undefined>> {
  return existsSync(FILE) ? parseEnv(readFileSync(FILE, "utf8")) : {};
}
