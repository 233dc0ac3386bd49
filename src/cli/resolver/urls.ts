/** `signpost resolver urls`: where lookups go. */
import type { Command } from "commander";
import { setUrls } from "../../admin/resolverChanges.js";
import { gatewayUrls } from "../../chain/deployResolver.js";
import { SignpostError } from "../../errors.js";
import { collect } from "./chainOptions.js";
import { changeSetting, type SettingFlags, settingOptions } from "./changeSetting.js";
import { ALTHOUGH_UNREACHABLE_OPTION } from "./session.js";
import type { TerminalInput } from "./terminal.js";

type UrlsFlags = SettingFlags & { readonly gateway?: readonly string[] };

export function urlsCommand(resolver: Command, input: TerminalInput): void {
  const urls = resolver.command("urls").description("the URLs of the CCIP gateways");

  settingOptions(urls.command("set"))
    .description("replace all gateway URLs at once, in order of preference")
    .argument("[url...]", "URL templates; {resolver} stands for the resolver's address")
    .option(...ALTHOUGH_UNREACHABLE_OPTION)
    .option("--gateway <origin>", "instead: where a Signpost gateway listens; repeatable", collect)
    .action(async (templates: string[], flags: UrlsFlags, command: Command) => {
      const origins = flags.gateway ?? [];
      if ((templates.length === 0) === (origins.length === 0)) {
        throw new SignpostError(
          "INVALID_REQUEST",
          "Give either the URL templates, or --gateway <origin> for each gateway.",
        );
      }
      await changeSetting(flags, command, input, (state, { chainId }) =>
        setUrls(
          state,
          templates.length > 0 ? templates : gatewayTemplates(origins, chainId, state.address),
        ),
      );
    });
}

/** All POST templates first: a client that can POST should not try GET before the next gateway. */
function gatewayTemplates(origins: readonly string[], chainId: bigint, resolver: string): string[] {
  const pairs = origins.map((origin) => gatewayUrls(origin, chainId, resolver));
  return [...pairs.map(([post]) => post), ...pairs.map(([, get]) => get)];
}
