/**
 * Settings come in parts: one of the installation, and one of each capability. All are read from the environment at
 * once, checked, and from then on handed in.
 *
 * `.env.example` is generated from the parts (`npm run env-example`), and a test holds the two together.
 */
import { z } from "zod";
import { SignpostError } from "../errors.js";
import { readableIssue } from "../wire/readableIssue.js";

export type Environment = Readonly<Record<string, string | undefined>>;

/** A part of the settings, and what a program reads from it. */
export interface SettingsPart<Config> {
  /** Above its settings in `.env.example`. */
  readonly title: string;
  /**
   * Each setting by the name of its environment variable. `.meta()` says in `description` what `.env.example` says of
   * it, and in `secret` whether it must never be logged or handed on.
   */
  readonly schema: z.ZodObject;
  /** From what the schema let through. Throws INVALID_CONFIGURATION for settings that do not go together. */
  readonly read: (settings: Readonly<Record<string, unknown>>) => Config;
}

export function settingsPart<Shape extends z.ZodRawShape, Config>(
  title: string,
  shape: Shape,
  read: (settings: z.output<z.ZodObject<Shape>>) => Config,
): SettingsPart<Config> {
  const schema = z.object(shape);
  return { title, schema, read: read as SettingsPart<Config>["read"] };
}

/** What was read of a part. */
export type Settings = <Config>(part: SettingsPart<Config>) => Config;

/** Throws INVALID_CONFIGURATION with every setting that is wrong; the values themselves are not repeated. */
export function readSettings(
  parts: readonly SettingsPart<unknown>[],
  environment: Environment,
): Settings {
  // `PORT=` in a file means "not set"
  const given = Object.entries(environment).filter(([, value]) => value !== "");
  const parsed = parts.map(({ schema }) => schema.safeParse(Object.fromEntries(given)));
  const issues = parsed.flatMap(({ error }) => error?.issues ?? []);
  if (issues.length > 0) {
    // the setting only, and no part of its value
    const told = issues.map((issue) => `${String(issue.path[0])}: ${readableIssue(issue).message}`);
    // several parts may read one setting
    throw wrongSettings([...new Set(told)]);
  }
  const configs = new Map(parts.map((part, index) => [part, part.read(parsed[index]?.data ?? {})]));
  return <Config>(part: SettingsPart<Config>) => {
    if (!configs.has(part)) {
      throw new SignpostError("INTERNAL", `The settings "${part.title}" were not read.`);
    }
    return configs.get(part) as Config;
  };
}

/** The names of the settings that must never be logged or handed on. */
export function secretSettings(parts: readonly SettingsPart<unknown>[]): readonly string[] {
  return parts
    .flatMap(({ schema }) => Object.entries(schema.shape))
    .filter(([, setting]) => z.globalRegistry.get(setting)?.["secret"] === true)
    .map(([name]) => name);
}

/** @param wrong what is wrong, each beginning with the name of the setting */
export function wrongSettings(wrong: readonly string[]): SignpostError {
  return new SignpostError(
    "INVALID_CONFIGURATION",
    `Correct these settings in the environment or in .env (.env.example explains each): ${wrong.join("; ")}.`,
  );
}
