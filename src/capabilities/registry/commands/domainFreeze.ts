/** `signpost domain freeze` and `unfreeze`: a domain that moves between installations is changed in one of them. */
import type { Command } from "commander";
import { parseUrl } from "../../../dm3/profile/secureUrl.js";
import { normalizeName } from "../../../ens/normalize.js";
import { SignpostError } from "../../../errors.js";
import type { Frozen } from "../../../registry/domains/domain.js";
import { print } from "../../../terminal/print.js";
import { withInstallation } from "./installation.js";

export function freezeCommands(domain: Command): void {
  domain
    .command("freeze")
    .description("let nobody change the domain's names here, while lookups go on: before it moves")
    .argument("<name>", "the domain")
    .option(
      "--to <url>",
      "the service where it is changed from now on, told to those who are refused",
    )
    .option("--json", "print JSON")
    .action(async (name: string, flags: { to?: string; json?: true }) => {
      const frozen = { to: flags.to === undefined ? null : serviceAt(flags.to) };
      const normal = await freeze(name, frozen);
      print(flags, { domain: normal, frozen }, [
        `${normal} is answered for, and changed here no more.`,
        ...(frozen.to === null ? [] : [`  whoever tries is sent to ${frozen.to}`]),
        `  \`signpost export ${normal}\` has its last state now; \`signpost domain unfreeze ${normal}\` takes this back.`,
      ]);
    });

  domain
    .command("unfreeze")
    .description("let the domain's names be changed here again")
    .argument("<name>", "the domain")
    .option("--json", "print JSON")
    .action(async (name: string, flags: { json?: true }) => {
      const normal = await freeze(name, null);
      print(flags, { domain: normal, frozen: null }, [`${normal} is changed here again.`]);
    });
}

/** Returns the name in its normal form. */
async function freeze(name: string, frozen: Frozen | null): Promise<string> {
  const normal = normalizeName(name);
  await withInstallation(({ domains }) => domains.freeze(normal, frozen));
  return normal;
}

function serviceAt(text: string): string {
  const url = parseUrl(text);
  if (url !== null && /^https?:$/.test(url.protocol) && url.username + url.password === "") {
    return url.href;
  }
  throw new SignpostError(
    "INVALID_REQUEST",
    "--to takes the absolute URL of a service, such as https://signpost.example.com.",
  );
}
