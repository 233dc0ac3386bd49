/** `signpost certificate`: a user's certificates for other networks' own encryption. */
import { type Command, Option } from "commander";
import { CERTIFICATE_SCHEMES } from "../../dm3/statement/certificate.js";
import { addLookupOptions } from "../message/lookupOptions.js";
import { publish } from "./publish.js";
import { show } from "./show.js";
import { sign } from "./sign.js";

export function certificateCommand(program: Command): void {
  const certificate = program
    .command("certificate")
    .description("a user's certificates for other networks, signed by the key of the DM3 profile");

  certificate
    .command("sign")
    .description("sign a certificate with the profile's signing key, offline: prints the record")
    .argument("<name>", "the user's ENS name")
    .requiredOption("--certificate <file>", "the certificate, binary or with ASCII armor; -")
    .requiredOption("--address <address>", "what the user is called there: alice.eth@mail.example")
    .requiredOption(
      "--keys <file>",
      "the user's profile keys, or what the wallet signed (message keys)",
    )
    .addOption(schemeOption())
    .action(sign);

  certificate
    .command("publish")
    .description("publish a signed certificate, with SIGNPOST_API_KEY of the name's domain")
    .argument("<name>", "the user's ENS name")
    .requiredOption("--record <file>", "what signpost certificate sign has printed (- reads it)")
    .option("--service <url>", "the service of the name (default: the environment's SIGNPOST_URL)")
    .option("--for-wallet <address>", "instead: print what the owner, this wallet, has to sign")
    .option("--json", "print JSON")
    .action(publish);

  const showing = certificate
    .command("show")
    .description("show a user's certificate as clients see it, verified")
    .argument("<name>", "the user's ENS name")
    .addOption(schemeOption());
  addLookupOptions(showing)
    .addHelpText("after", "\nExit status: 0 found, 3 absent, 4 unreachable, 5 untrusted.")
    .action(show);
}

function schemeOption(): Option {
  return new Option("--scheme <scheme>", "of which encryption")
    .choices(CERTIFICATE_SCHEMES)
    .default("openpgp");
}
