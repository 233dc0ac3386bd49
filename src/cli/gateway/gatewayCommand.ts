/** `signpost gateway`: messaging gateways in the eyes of others. */
import type { Command } from "commander";
import { addLookupOptions } from "../message/lookupOptions.js";
import { register, type RegisterFlags } from "./register.js";
import { addRegisterOptions } from "./registerOptions.js";

export function gatewayCommand(program: Command): void {
  const gateway = program
    .command("gateway")
    .description("messaging gateways: register that of this installation, check any");

  const registering = gateway
    .command("register")
    .description("register the gateway's relay node and its network; again: what has changed")
    .argument("<name>", "the network's ENS name, such as xmpp.example.eth");
  addRegisterOptions(registering, "XMPP").action(
    (name: string, flags: RegisterFlags, command: Command) =>
      register("xmpp", name, flags, command),
  );

  const checking = gateway
    .command("check")
    .description(
      "look at a gateway from outside: record, nodes and, by an account, the way through",
    )
    .argument("<name>", "the network's ENS name")
    .option("--account <address>", "an account of the XMPP server that is there for this alone")
    .option("--password-file <file>", "its password")
    .option("--wallet-file <file>", "the key of a wallet for it; made where there is none")
    .option("--server <host:port>", "where clients log in (default: by the DNS of its domain)");
  addLookupOptions(checking)
    .addHelpText(
      "after",
      "\nThe account is linked to a name of its own, and writes to that: a message goes into DM3 and comes back." +
        "\nExit status: 0 passed, 6 warnings only, 7 something failed, 4 the record could not be looked up.",
    )
    .action(async (name: string, flags: object, command: Command) => {
      const { check } = await import("./check/check.js");
      await check(name, flags, command);
    });
}
