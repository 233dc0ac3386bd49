/** `signpost resolver validity`: how long answers may be valid. */
import type { Command } from "commander";
import { setMaxValidity } from "../../admin/resolverChanges.js";
import { wholeNumber } from "./chainOptions.js";
import { changeSetting, type SettingFlags, settingOptions } from "./changeSetting.js";
import type { TerminalInput } from "./terminal.js";

export function validityCommand(resolver: Command, input: TerminalInput): void {
  const validity = resolver.command("validity").description("the longest validity of an answer");

  settingOptions(validity.command("set"))
    .description("change the longest validity that the resolver accepts")
    .argument(
      "<seconds>",
      "60 to 86400; more than what the gateways sign for (ANSWER_VALIDITY_SEC)",
    )
    .action(async (seconds: string, flags: SettingFlags, command: Command) => {
      const maxValiditySec = wholeNumber(seconds, "The longest validity, in seconds,");
      await changeSetting(flags, command, input, (state) => setMaxValidity(state, maxValiditySec));
    });
}
