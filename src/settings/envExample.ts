/** The text of `.env.example`. */
import { z } from "zod";
import type { SettingsPart } from "./settingsPart.js";

const HEADER =
  "# Settings of Signpost. Copy this file to .env and change what you need; every setting has a default.\n" +
  "# Generated from the settings in src by `npm run env-example`; do not edit it by hand.\n";

export function envExample(parts: readonly SettingsPart<unknown>[]): string {
  // what several parts read stands in the first of them
  const listed = new Set<string>();
  return [HEADER, ...parts.flatMap((part) => linesOfPart(part, listed))].join("\n");
}

function linesOfPart(
  { title, schema }: SettingsPart<unknown>,
  listed: Set<string>,
): readonly string[] {
  const settings = Object.entries(schema.shape).flatMap(([name, setting]) => {
    if (listed.has(name)) return [];
    listed.add(name);
    const { description = "", secret = false } = z.globalRegistry.get(setting) ?? {};
    const standard: unknown = z.safeParse(setting, undefined).data;
    const value = ["string", "number", "boolean"].includes(typeof standard) ? String(standard) : "";
    const comment = wrapped(`${description}${secret === true ? " Secret." : ""}`);
    return [`${comment}# ${name}=${value}\n`];
  });
  return settings.length === 0 ? [] : [`## ${title}\n`, ...settings];
}

/** Lines of a comment, 100 characters wide at most. */
function wrapped(sentence: string): string {
  return sentence.replace(/(.{1,98})(?: |$)/g, "# $1\n");
}
