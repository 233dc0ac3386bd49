/** `signpost network`: messaging gateways and bridges: proven, registered, and found. */
import type { Command } from "commander";
import { addLookupOptions } from "../message/lookupOptions.js";
import { DNS_OPTION } from "./dnsOption.js";
import { find } from "./find.js";
import { list } from "./list.js";
import { prove } from "./prove.js";
import { register } from "./register.js";
import { show } from "./show.js";

const EXIT_STATUSES = "\nExit status: 0 found, 3 absent, 4 unreachable, 5 untrusted.";
const SERVICE_OPTION = "--service <url>";

export function networkCommand(program: Command): void {
  const network = program
    .command("network")
    .description("messaging gateways and bridges to other networks: prove, register, find");

  network
    .command("prove")
    .description("sign a network record with one relay node's key, offline: prints the record")
    .argument("<name>", "the ENS name that it is to be registered under")
    .requiredOption("--record <file>", "the record, as far as it is signed (docs/networks.md); -")
    .requiredOption("--key-file <file>", "the node's signing key, as of signpost node prove")
    .option("--node <name>", "which of its relay nodes signs, where several have not signed yet")
    .option("--owner <address>", "the wallet that owns the name (default: it is its service's own)")
    .action(prove);

  network
    .command("register")
    .description("register a record that all nodes signed, with SIGNPOST_API_KEY of the domain")
    .argument("<name>", "its ENS name")
    .requiredOption("--record <file>", "what signpost network prove has printed (- reads it)")
    .option(SERVICE_OPTION, "the service of the name (default: the environment's SIGNPOST_URL)")
    .option("--for-wallet", "instead: print what the owner's wallet has to sign")
    .option("--json", "print JSON")
    .action(register);

  network
    .command("list")
    .description("list what is registered at a service, and whether each domain confirms it")
    .option(SERVICE_OPTION, "the service (default: the environment's SIGNPOST_URL)")
    .option("--native-domain <domain>", "only those for people of this domain")
    .option("--limit <number>", "at most so many, up to 1000 (default: 100)")
    .option(...DNS_OPTION)
    .option("--json", "print JSON")
    .action(list);

  const showing = network
    .command("show")
    .description("show a messaging gateway or a bridge as clients see it, verified")
    .argument("<name>", "its ENS name");
  addLookupOptions(showing)
    .option(...DNS_OPTION)
    .addHelpText("after", EXIT_STATUSES)
    .action(show);

  const finding = network
    .command("find")
    .description("find the way to an address of another network: name, profile, relay nodes")
    .argument("<address>", "bob@chat.example")
    .option("--network <name>", "ENS name of the network (default: what the domain's DNS names)")
    .option(SERVICE_OPTION, "a service that lists networks, where the DNS names none");
  addLookupOptions(finding)
    .option(...DNS_OPTION)
    .addHelpText("after", EXIT_STATUSES)
    .action(find);
}
