/** `signpost key`: the API keys of a domain's service. */
import { randomBytes } from "node:crypto";
import type { Command } from "commander";
import { normalizeName } from "../../../ens/normalize.js";
import { SignpostError } from "../../../errors.js";
import {
  apiKeyFrom,
  type KeyLimits,
  newApiKey,
  type Scope,
  SCOPES,
  USUAL_LIMITS,
} from "../../../registry/domains/apiKey.js";
import { print } from "../../../terminal/print.js";
import { withInstallation } from "./installation.js";
import { limitsText, listCommand } from "./keyList.js";
import { usageCommand } from "./keyUsage.js";
import { wholeNumber } from "./wholeNumber.js";

interface AddFlags {
  readonly label: string;
  readonly scopes: string;
  readonly perMinute: string;
  readonly perDay: string;
  readonly json?: true;
}

export function keyCommand(program: Command): void {
  const key = program.command("key").description("the API keys of a domain's service");

  key
    .command("add")
    .description("make an API key; prints it, once")
    .argument("<domain>", "the domain")
    .requiredOption("--label <text>", "what people call it, e.g. 'import job'")
    .option("--scopes <list>", "what it may do, with commas", SCOPES.join(","))
    .option("--per-minute <n>", "changes a minute", String(USUAL_LIMITS.changesPerMinute))
    .option("--per-day <n>", "changes a day", String(USUAL_LIMITS.changesPerDay))
    .option("--json", "print JSON")
    .action(async (name: string, flags: AddFlags) => {
      const domain = normalizeName(name);
      const apiKey = apiKeyFrom(randomBytes(32));
      const limits = {
        changesPerMinute: wholeNumber("--per-minute", flags.perMinute),
        changesPerDay: wholeNumber("--per-day", flags.perDay),
      };
      const scopes = scopesOf(flags.scopes);
      const added = newApiKey(apiKey, { label: labelOf(flags.label), scopes, limits });
      const id = await withInstallation(({ domains }) => domains.addApiKey(domain, added));
      print(flags, { domain, id, apiKey, label: added.label, scopes, limits }, [
        `API key ${id} of ${domain}, shown this once: ${apiKey}`,
        `  may do  ${scopes.join(", ")}`,
        `  limits  ${limitsText(limits)}`,
      ]);
    });

  listCommand(key);
  usageCommand(key);

  key
    .command("limit")
    .description("change how much a key may change; counts from its next request on")
    .argument("<domain>", "the domain")
    .argument("<id>", "the key's number, as `signpost key list` shows it")
    .option("--per-minute <n>", "changes a minute")
    .option("--per-day <n>", "changes a day")
    .option("--json", "print JSON")
    .action(async (name: string, given: string, flags: Partial<AddFlags>) => {
      const domain = normalizeName(name);
      const id = String(wholeNumber("<id>", given));
      const wanted = limitsOf(flags);
      const key = await withInstallation(({ domains }) => domains.limitApiKey(domain, id, wanted));
      if (!key) throw noSuchKey(domain, id);
      print(flags, { domain, id, limits: key.limits }, [
        `Key ${id} of ${domain} may do ${limitsText(key.limits)} from now on.`,
      ]);
    });

  key
    .command("revoke")
    .description("end a key, at once and for good")
    .argument("<domain>", "the domain")
    .argument("<id>", "the key's number, as `signpost key list` shows it")
    .option("--json", "print JSON")
    .action(async (name: string, given: string, flags: { json?: true }) => {
      const domain = normalizeName(name);
      const id = String(wholeNumber("<id>", given));
      const revoked = await withInstallation(({ domains }) => domains.revokeApiKey(domain, id));
      if (!revoked) throw noSuchKey(domain, id);
      print(flags, { domain, id, revoked: true }, [
        `Key ${id} of ${domain} does not work any more.`,
      ]);
    });
}

function noSuchKey(domain: string, id: string): SignpostError {
  return new SignpostError(
    "NOT_FOUND",
    `${domain} has no key ${id} that still works; see \`signpost key list ${domain}\`.`,
    { domain, id },
  );
}

function limitsOf({ perMinute, perDay }: Partial<AddFlags>): Partial<KeyLimits> {
  if (perMinute === undefined && perDay === undefined) {
    throw new SignpostError("INVALID_REQUEST", "Give --per-minute, --per-day or both.");
  }
  return {
    ...(perMinute !== undefined && { changesPerMinute: wholeNumber("--per-minute", perMinute) }),
    ...(perDay !== undefined && { changesPerDay: wholeNumber("--per-day", perDay) }),
  };
}

function scopesOf(list: string): readonly Scope[] {
  const given = list.split(",").filter((scope) => scope !== "");
  const scopes = SCOPES.filter((scope) => given.includes(scope));
  if (scopes.length > 0 && scopes.length === new Set(given).size) return scopes;
  throw new SignpostError("INVALID_REQUEST", `--scopes takes some of ${SCOPES.join(",")}.`);
}

function labelOf(label: string): string {
  if (/^\P{C}{1,100}$/u.test(label)) return label;
  throw new SignpostError("INVALID_REQUEST", "--label takes 1 to 100 characters that can be seen.");
}
