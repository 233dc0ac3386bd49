/** `signpost relay prove`: the profile of this relay node with the proof that it is behind a name. */
import type { Command } from "commander";
import { readSettings } from "../../../settings/settingsPart.js";
import { print } from "../../../terminal/print.js";
import { relaySettings } from "../settings.js";
import { readRelay } from "./withRelay.js";

interface ProveFlags {
  readonly owner?: string;
  readonly listed?: true;
  readonly canary?: true;
}

export function addProveCommand(relay: Command): void {
  relay
    .command("prove")
    .description("prove that a name is this relay node's: prints its profile with the proof")
    .argument("[name]", "the ENS name to register it under (default: RELAY_ENS_NAME)")
    .option("--owner <address>", "the wallet that owns the name (default: it is its service's own)")
    .option("--listed", "let it be in public lists")
    .option(
      "--canary",
      "let the service that watches it have one account there, and write to itself",
    )
    .action(async (given: string | undefined, flags: ProveFlags) => {
      const settings = readSettings([relaySettings], process.env)(relaySettings);
      const [{ proveRelay }, { keysToProve }] = await Promise.all([
        import("../proveRelay.js"),
        import("../relayKeys.js"),
      ]);
      const keys = await readRelay(({ pool, tables, secrets }) =>
        keysToProve(pool, tables, secrets),
      );
      const proven = proveRelay(keys, settings, {
        ...{ name: given ?? null, owner: flags.owner ?? null },
        ...{ listed: flags.listed ?? false, canary: flags.canary ?? false },
      });
      print({ json: true }, proven, []);
    });
}
