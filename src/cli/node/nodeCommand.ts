/** `signpost node`: relay nodes as others see them, and what makes one known. */
import type { Command } from "commander";
import { addLookupOptions } from "../message/lookupOptions.js";
import { check } from "./check.js";
import { list, show } from "./list.js";
import { prove } from "./prove.js";
import { register } from "./register.js";

export function nodeCommand(program: Command): void {
  const node = program.command("node").description("DM3 relay nodes: check, prove, register, list");
  const checking = node
    .command("check")
    .description("check that a DM3 relay node does what clients and senders need")
    .argument("[url]", "its URL (default: that of its record in ENS)")
    .option("--name <name>", "its ENS name: the record there is checked as well")
    .option("--sender <name>", "a throw-away account, in whose name messages are sent")
    .option("--sender-keys <file>", "its profile keys, JSON as dm3's clients keep it")
    .option("--receiver <name>", "another one, which gets and acknowledges them")
    .option("--receiver-keys <file>", "its profile keys")
    .option(
      "--demo [file]",
      "the running demo's: two accounts are made there (.signpost/demo.json)",
    )
    .option("--timeout <seconds>", "for everything together (default: 120)");
  addLookupOptions(checking)
    .addHelpText(
      "after",
      "\nExit status: 0 passed, 6 warnings only, 7 something failed, 4 the relay node did not answer." +
        "\nIt sends malformed requests, which may end a relay node that does not check them." +
        "\nEach line is explained in docs/guides/node-check.md.",
    )
    .action(check);

  node
    .command("prove")
    .description("prove that a relay node is yours, offline: prints its profile with the proof")
    .argument("<name>", "the ENS name that it is to be registered under")
    .requiredOption("--key-file <file>", "its signing key (docs/guides/for-node-operators.md)")
    .option("--profile <file>", "its profile: {publicEncryptionKey, publicSigningKey, url}")
    .option("--url <url>", "instead: where it is reached; keys are those of the key file")
    .option("--encryption-key <base64>", "with --url: its public encryption key")
    .option("--owner <address>", "the wallet that owns the name (default: it is its service's own)")
    .option("--listed", "let it be in public lists")
    .option(
      "--canary",
      "let the service that watches it have one account there, and write to itself",
    )
    .action(prove);

  node
    .command("register")
    .description("register a proven relay node, with SIGNPOST_API_KEY of the name's domain")
    .argument("<name>", "its ENS name")
    .requiredOption("--proven <file>", "what signpost node prove has printed (- reads it)")
    .option("--service <url>", "the service of the name (default: the environment's SIGNPOST_URL)")
    .option("--for-wallet", "instead: print what the owner's wallet has to sign")
    .option("--allow-loopback", "let the relay node be on this machine")
    .option("--json", "print JSON")
    .action(register);

  node
    .command("list")
    .description("list the relay nodes at a service whose operators want it")
    .option("--service <url>", "the service (default: the environment's SIGNPOST_URL)")
    .option("--json", "print JSON")
    .action(list);

  node
    .command("show")
    .description("show a relay node that is registered at a service, and what it was before")
    .argument("<name>", "its ENS name")
    .option("--service <url>", "the service (default: the environment's SIGNPOST_URL)")
    .option("--json", "print JSON")
    .action(show);
}
