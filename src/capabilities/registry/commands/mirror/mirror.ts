/** `signpost mirror`: domains of other installations that are followed here, to take over when they have to. */
import { randomBytes } from "node:crypto";
import type { Command } from "commander";
import { normalizeName } from "../../../../ens/normalize.js";
import { SignpostError } from "../../../../errors.js";
import { foreignText } from "../../../../fetch/foreignText.js";
import type { PrimaryPlace } from "../../../../mirror/mirror.js";
import { assertPrivateNetwork } from "../../../../net/lookupIn.js";
import { readSecretFile } from "../../../../operator-keys/secretFile.js";
import { apiKeyFrom, isSessionKey } from "../../../../registry/domains/apiKey.js";
import { print } from "../../../../terminal/print.js";
import { isServiceUrl } from "../../../../wire/domainInput.js";
import { addMirror } from "../../mirror/addMirror.js";
import { lookIntoMirrors, mirrorBehind, withMirrors } from "./mirrorInstallation.js";
import { describeMirror, lineOfMirror, linesOfMirror } from "./mirrorText.js";
import { promoteCommand } from "./promote.js";
import { removeCommand } from "./remove.js";

interface AddFlags {
  readonly from: string;
  readonly keyFile: string;
  readonly privateNetwork?: string;
  readonly to?: string;
  readonly json?: true;
}

/** Told at once; the others stand in the database. */
const MOST_PROBLEMS = 20;
const MOST_PROBLEMS_IN_JSON = 1_000;

export function mirrorCommand(program: Command): void {
  const mirror = program
    .command("mirror")
    .description("follow domains of other installations, and take one over when needed");

  mirror
    .command("add")
    .description(
      "follow a domain of another installation: the service copies everything, each signature verified, and goes on with what changes. Nobody changes the domain here meanwhile",
    )
    .argument("<domain>", "the domain")
    .requiredOption("--from <url>", "the service of the installation where it is changed")
    .requiredOption(
      "--key-file <file>",
      "a file with an API key of the domain there, with names:read and domain:admin",
    )
    .option("--private-network <network>", "the network that it lies in, e.g. 10.1.0.0/16")
    .option(
      "--to <url>",
      "the public URL of that service, told to writers who are refused here; the one of --from otherwise, and none with --private-network",
    )
    .option("--json", "print JSON")
    .action(async (given: string, flags: AddFlags) => {
      const domain = normalizeName(given);
      const primary = placeOf(flags);
      const to = sentTo(flags);
      const apiKey = await readSecretFile(flags.keyFile, "API key file");
      if (isSessionKey(apiKey)) throw endsByItself(domain);
      const newApiKey = apiKeyFrom(randomBytes(32));
      // a mirror may be the first thing of an installation
      const { isNew, remarks } = await withMirrors(
        (home) => addMirror({ ...home, newApiKey }, { domain, primary, apiKey, to }),
        "make",
      );
      const ownKey = isNew ? newApiKey : null;
      print(flags, { domain, primary: primary.url, apiKey: ownKey, remarks }, [
        `${domain} follows ${primary.url}, as long as this service runs.`,
        ...(ownKey === null
          ? []
          : [
              `  API key       ${ownKey}`,
              "                (of the domain here, shown this once: it may change nothing before the mirror is promoted)",
            ]),
        ...remarks.map(
          ({ kind, name, reason }) =>
            `  ${kind} ${foreignText(name, 300)}: ${foreignText(reason, 500)}`,
        ),
        `  how far it is: signpost mirror show ${domain}`,
      ]);
    });

  mirror
    .command("list")
    .description("list the domains that are followed here, and how far each is behind")
    .option("--json", "print JSON")
    .action(async (flags: { json?: true }) => {
      const mirrors = await lookIntoMirrors((home) => home.mirrors.mirrors());
      const nowMs = Date.now();
      print(
        flags,
        mirrors.map((one) => describeMirror(one, nowMs)),
        mirrors.length > 0
          ? mirrors.map((one) => lineOfMirror(one, nowMs))
          : ["No mirror yet: see `signpost mirror add --help`."],
      );
    });

  mirror
    .command("show")
    .description("show how far a mirror is, and what it could not take")
    .argument("<domain>", "the domain")
    .option("--json", "print JSON")
    .action(async (given: string, flags: { json?: true }) => {
      const domain = normalizeName(given);
      const { found, problems } = await lookIntoMirrors(async (home) => ({
        found: await mirrorBehind(home, domain),
        problems: await home.mirrors.problemsOf(domain, MOST_PROBLEMS_IN_JSON),
      }));
      const nowMs = Date.now();
      const facts = { ...describeMirror(found, nowMs), notes: found.facts.notes, problems };
      print(flags, facts, linesOfMirror(found, problems.slice(0, MOST_PROBLEMS), nowMs));
    });

  removeCommand(mirror);
  promoteCommand(mirror);
}

/** Throws INVALID_REQUEST. */
function sentTo({ to }: AddFlags): string | null {
  if (to === undefined) return null;
  if (isServiceUrl(to)) return new URL(to).href;
  throw new SignpostError(
    "INVALID_REQUEST",
    "--to takes the absolute URL of a service, such as https://signpost.example.com.",
  );
}

/** Throws INVALID_REQUEST, INVALID_CONFIGURATION. */
function endsByItself(domain: string): SignpostError {
  return new SignpostError(
    "INVALID_REQUEST",
    `The API key file has the key of a session, which ends within an hour. A mirror needs one that lasts: \`signpost key add ${domain}\` at the primary.`,
  );
}

function placeOf({ from, privateNetwork }: AddFlags): PrimaryPlace {
  const network = privateNetwork ?? null;
  if (!isServiceUrl(from)) {
    throw new SignpostError(
      "INVALID_REQUEST",
      "--from takes the absolute URL of a service, such as https://signpost.example.com.",
    );
  }
  if (network !== null) assertPrivateNetwork(network);
  const url = new URL(from);
  url.search = url.hash = "";
  // as people copy it from the address of a route
  url.pathname = url.pathname.replace(/(?:\/v1)?\/*$/, "/");
  return { url: url.href, network };
}
