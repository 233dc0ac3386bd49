/** `signpost resolver metadata`: where indexers find the names (ENSIP-16). */
import type { Command } from "commander";
import { setMetadataUrls } from "../../admin/resolverChanges.js";
import { SignpostError } from "../../errors.js";
import { changeSetting, type SettingFlags, settingOptions } from "./changeSetting.js";
import type { TerminalInput } from "./terminal.js";

type MetadataFlags = SettingFlags & { readonly none?: true };

export function metadataCommand(resolver: Command, input: TerminalInput): void {
  const metadata = resolver
    .command("metadata")
    .description("where indexers can list the names (ENSIP-16)");

  settingOptions(metadata.command("set"))
    .description("replace the metadata URLs")
    .argument("[url...]", "base URLs of the service API")
    .option("--none", "instead: withdraw them")
    .action(async (urls: string[], flags: MetadataFlags, command: Command) => {
      if ((urls.length === 0) !== (flags.none === true)) {
        throw new SignpostError("INVALID_REQUEST", "Give either the metadata URLs, or --none.");
      }
      await changeSetting(flags, command, input, (state) => setMetadataUrls(state, urls));
    });
}
