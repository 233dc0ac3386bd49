/** `signpost resolver operations`: where writers of records are sent (ERC-7884, ENSIP-20). */
import type { Command } from "commander";
import { setOperationUrl } from "../../admin/resolverChanges.js";
import { SignpostError } from "../../errors.js";
import { changeSetting, type SettingFlags, settingOptions } from "./changeSetting.js";
import type { TerminalInput } from "./terminal.js";

type OperationsFlags = SettingFlags & { readonly none?: true };

export function operationsCommand(resolver: Command, input: TerminalInput): void {
  const operations = resolver
    .command("operations")
    .description("where writers of records are sent (ERC-7884, ENSIP-20)");

  settingOptions(operations.command("set"))
    .description("change the URL that writers are sent to")
    .argument("[url]", "https URL; {resolver} stands for the resolver's address")
    .option("--none", "instead: send them nowhere")
    .action(async (url: string | undefined, flags: OperationsFlags, command: Command) => {
      if ((url === undefined) !== (flags.none === true)) {
        throw new SignpostError("INVALID_REQUEST", "Give either the URL for writers, or --none.");
      }
      await changeSetting(flags, command, input, (state) => setOperationUrl(state, url ?? null));
    });
}
