/** `signpost source add-http`: an HTTP endpoint of the service behind a domain. */
import type { Command } from "commander";
import { normalizeName } from "../../../ens/normalize.js";
import { isSignpostError } from "../../../errors.js";
import { assertPrivateNetwork } from "../../../net/lookupIn.js";
import {
  type HttpSettings,
  httpSettings,
  type PublicKeyJwk,
} from "../../../registry/sources/httpSettings.js";
import { SIGNATURE_REFUSED } from "../../../source-http/endpointFault.js";
import { newSigningKey, requestSigner } from "../../../source-http/signingKey.js";
import { print } from "../../../terminal/print.js";
import { parseInput } from "../../../wire/parseInput.js";
import { inspectSource } from "../inspectSource.js";
import { freshMsOf } from "./sourceFlags.js";
import { addSource, withSources } from "./sourceInstallation.js";
import { describeSource } from "./sourceText.js";

interface Flags {
  readonly endpoint: string;
  readonly privateNetwork?: string;
  readonly freshSec: string;
  readonly json?: true;
}

export function addHttpCommand(source: Command): void {
  source
    .command("add-http")
    .description("answer names of a domain from an HTTP endpoint of the service")
    .argument("<domain>", "a domain that is served already")
    .requiredOption("--endpoint <url>", "asked for users, as docs/source-http.md says")
    .option("--private-network <network>", "the network that it lies in, e.g. 10.1.0.0/16")
    .option("--fresh-sec <n>", "how long a row may be answered with without asking again", "1")
    .option("--json", "print JSON")
    .action(async (given: string, flags: Flags) => {
      const domain = normalizeName(given);
      const freshMs = freshMsOf(flags.freshSec);
      const signingKey = newSigningKey();
      const { publicKey } = requestSigner(signingKey);
      const settings = settingsOf(flags, publicKey);
      const warnings = await warningsOf(domain, settings, signingKey);
      const stored = await withSources((sources) =>
        addSource(sources, { domain, settings, freshMs }, signingKey),
      );
      print(flags, { ...describeSource(stored), warnings }, [
        `Names of ${domain} are answered from ${settings.endpoint} within a second.`,
        "Questions are signed. The service verifies them with this public key:",
        `  ${JSON.stringify(publicKey)}`,
        ...warnings.map((warning) => `  warning  ${warning}`),
        `  look at one: signpost source test <label>.${domain}`,
      ]);
    });
}

/** Throws INVALID_REQUEST and INVALID_CONFIGURATION. */
function settingsOf(flags: Flags, publicKey: PublicKeyJwk): HttpSettings {
  const { endpoint, privateNetwork: network = null } = flags;
  const settings = parseInput(httpSettings, "What was given", {
    ...{ kind: "http", endpoint, network, publicKey },
  });
  if (network !== null) assertPrivateNetwork(network);
  return settings;
}

/** Throws SOURCE_UNAVAILABLE where the endpoint does not answer as it should; that it does not know a key that is new is no fault. */
async function warningsOf(
  domain: string,
  settings: HttpSettings,
  signingKey: string,
): Promise<readonly string[]> {
  try {
    return (await inspectSource({ id: "new", domain }, settings, signingKey)).warnings;
  } catch (error) {
    if (!isSignpostError(error, "SOURCE_UNAVAILABLE")) throw error;
    if (error.details.reason !== SIGNATURE_REFUSED) throw error;
    return [
      "The endpoint verifies signatures and does not know this key yet: until it does, names of the domain that are not ours are answered 503.",
    ];
  }
}
