/** `signpost resolver ownership`: hand a resolver over, in two steps, so that it never goes to a wrong address. */
import type { Command } from "commander";
import { acceptOwnership, transferOwnership } from "../../admin/resolverChanges.js";
import { addressOf } from "./chainOptions.js";
import { changeSetting, type SettingFlags, settingOptions } from "./changeSetting.js";
import type { TerminalInput } from "./terminal.js";

export function ownershipCommand(resolver: Command, input: TerminalInput): void {
  const ownership = resolver
    .command("ownership")
    .description("who may change the resolver; handed over in two steps");

  settingOptions(ownership.command("transfer"))
    .description("offer the ownership; it changes hands when the new owner accepts")
    .argument(
      "<address>",
      "the new owner; a multisig in production. The present one: withdraws the offer",
    )
    .action(async (address: string, flags: SettingFlags, command: Command) => {
      const newOwner = addressOf(address);
      await changeSetting(flags, command, input, (state) => transferOwnership(state, newOwner));
    });

  settingOptions(ownership.command("accept"))
    .description("accept the ownership that was offered")
    .action(async (flags: SettingFlags, command: Command) => {
      await changeSetting(flags, command, input, (state, { account }) =>
        acceptOwnership(state, account),
      );
    });
}
