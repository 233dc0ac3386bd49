/** `signpost resolver signers`: whose answers count. */
import type { Command } from "commander";
import { addSigner, removeSigner } from "../../admin/resolverChanges.js";
import { readResolver } from "../../chain/resolverState.js";
import {
  addressOf,
  chainOptions,
  onChain,
  type ResolverFlags,
  resolverOption,
} from "./chainOptions.js";
import { changeSetting, type SettingFlags, settingOptions } from "./changeSetting.js";
import { report } from "./report.js";
import { resolverAddress } from "./resolverAddress.js";
import { type TerminalInput, terminalOf } from "./terminal.js";

export function signersCommand(resolver: Command, input: TerminalInput): void {
  const signers = resolver
    .command("signers")
    .description(
      "the gatewaySigners, whose answers count; rotate with add, switch gateways, remove",
    );

  settingOptions(signers.command("add"))
    .description("let one more key sign answers")
    .argument("<address>", "address of the gatewaySigner")
    .action(async (address: string, flags: SettingFlags, command: Command) => {
      const signer = addressOf(address);
      await changeSetting(flags, command, input, (state) => addSigner(state, signer));
    });

  settingOptions(signers.command("remove"))
    .description("let a key no longer sign answers; not the only one")
    .argument("<address>", "address of the gatewaySigner")
    .action(async (address: string, flags: SettingFlags, command: Command) => {
      const signer = addressOf(address);
      await changeSetting(flags, command, input, (state) => removeSigner(state, signer));
    });

  chainOptions(resolverOption(signers.command("list")))
    .description("list the gatewaySigners")
    .action(async (flags: ResolverFlags, command: Command) => {
      await onChain(flags, async (connection) => {
        const address = await resolverAddress(connection, flags);
        const state = await readResolver(connection.provider, address);
        report(
          { flags, terminal: terminalOf(command, input) },
          { resolver: address, signers: state.signers },
          state.signers,
        );
      });
    });
}
