/**
 * Settings that are misspelt: without a word about it, one would have no effect. They are warned of, and no error: the
 * environment belongs to other programs as well.
 */
import { nearestName } from "./nearestName.js";
import type { SettingsPart } from "./settingsPart.js";

/** Of the environment only what begins as a setting of ours is looked at; nobody else writes into our file. */
export interface NamesGiven {
  readonly inFile: readonly string[];
  readonly inEnvironment: readonly string[];
}

export function settingNames(parts: readonly SettingsPart<unknown>[]): readonly string[] {
  // some stand in several parts
  return [...new Set(parts.flatMap(({ schema }) => Object.keys(schema.shape)))];
}

/** A sentence for each name that is nearly one of `known`; it repeats no value. */
export function misspeltSettings(
  { inFile, inEnvironment }: NamesGiven,
  known: readonly string[],
): readonly string[] {
  const prefixes = known.filter((name) => name.includes("_")).map(prefixOf);
  const ours = inEnvironment.filter((name) => prefixes.includes(prefixOf(name)));
  const given = new Set([...inFile, ...ours].filter((name) => /^\w+$/.test(name)));
  return [...given].flatMap((name) => {
    if (known.includes(name)) return [];
    const meant = nearestName(name.toUpperCase(), known);
    return meant === null ? [] : [`${name} is no setting of Signpost; did you mean ${meant}?`];
  });
}

/** `SECRETS_` of `SECRETS_KEY_LOCATION`. */
function prefixOf(name: string): string {
  return name.slice(0, name.indexOf("_") + 1).toUpperCase();
}
