/** `signpost bridge`: bridges to networks that do not know DM3, in the eyes of others. */
import type { Command } from "commander";
import { USUAL_SELECTOR } from "../../capabilities/mail/mailFields.js";
import { register, type RegisterFlags } from "../gateway/register.js";
import { addRegisterOptions } from "../gateway/registerOptions.js";
import { addLookupOptions } from "../message/lookupOptions.js";
import { DNS_OPTION, dnsOptions } from "../network/dnsOption.js";
import type { CheckFlags } from "./check/check.js";
import { mailDnsLines } from "./mailDns.js";

export function bridgeCommand(program: Command): void {
  const bridge = program
    .command("bridge")
    .description(
      "bridges, which hold DM3 keys for their users: register that of this installation, check any",
    );
  const registering = bridge
    .command("register")
    .description("register the bridge's relay node and its network, and look at its mail's DNS")
    .argument("<name>", "the network's ENS name, such as mail.example.eth");
  addRegisterOptions(registering, "MAIL").action(
    (name: string, flags: RegisterFlags, command: Command) =>
      register("mail", name, flags, command, () => mailDnsLines(dnsOptions(flags))),
  );

  const checking = bridge
    .command("check")
    .description("look at a mail bridge from outside: record, nodes, DNS, mail server, keys")
    .argument("<name>", "the network's ENS name")
    .option("--selector <selector>", "what its DKIM keys are called", USUAL_SELECTOR)
    .option("--smtp <host:port>", "where its mail server answers (default: where its MX leads)")
    .option("--wkd <url>", "where its key directory answers (default: where its DNS leads)")
    .option(...DNS_OPTION);
  addLookupOptions(checking)
    .addHelpText(
      "after",
      "\nNo mail is sent. Run it where port 25 is open on the way out." +
        "\nExit status: 0 passed, 6 warnings only, 7 something failed, 4 the record could not be looked up.",
    )
    .action(async (name: string, flags: CheckFlags, command: Command) => {
      const { check } = await import("./check/check.js");
      await check(name, flags, command);
    });
}
