/** The options by which gateways and bridges are registered. */
import type { Command } from "commander";
import { DNS_OPTION } from "../network/dnsOption.js";

/** @param prefix of the network's settings: XMPP, MAIL */
export function addRegisterOptions(command: Command, prefix: string): Command {
  return command
    .option("--owner <address>", "the wallet that owns both names (default: their service)")
    .option("--unlisted", "keep the relay node out of public lists")
    .option(
      "--canary",
      "let the service that watches the node have one account there, and write to itself",
    )
    .option("--record <file>", "a record that other relay nodes have signed (- reads it)")
    .option(
      "--service <url>",
      `the service of the names (default: SIGNPOST_URL, ${prefix}_REGISTRY_URL)`,
    )
    .option(...DNS_OPTION)
    .option("--json", "print JSON")
    .addHelpText(
      "after",
      `\nIt reads the settings of this installation, and needs an API key with names:read and names:write (SIGNPOST_API_KEY, else ${prefix}_REGISTRY_KEY).` +
        "\nExit status: 0 registered, 6 registered with warnings, 1 other operators have to sign first.",
    );
}
