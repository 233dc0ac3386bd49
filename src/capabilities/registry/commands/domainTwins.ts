/** `signpost domain twins`: names that dm3's clients take for one, and that belong to two wallets. */
import type { Command } from "commander";
import { checksumAddress } from "../../../ens/address.js";
import { print } from "../../../terminal/print.js";
import { table } from "../../../terminal/table.js";
import { lookIntoInstallation } from "./installation.js";

const MOST = 1000;

export function twinsCommand(domain: Command): void {
  domain
    .command("twins")
    .description(
      "list names that dm3's clients take for one and that belong to two wallets; only earlier builds let that be",
    )
    .option("--json", "print JSON")
    .action(async (flags: { json?: true }) => {
      const found = await lookIntoInstallation(({ names }) => names.divergentTwins(MOST));
      const twins = found.map(({ domain: of, names: [name, twin], owners: [owner, other] }) => ({
        ...{ domain: of, name, owner: checksumAddress(owner) },
        ...{ twin, twinOwner: checksumAddress(other) },
      }));
      const lines = table(
        twins.map(({ name, owner, twin, twinOwner }) => [name, owner, twin, twinOwner]),
        ["NAME", "OWNER", "TWIN", "ITS OWNER"],
      );
      const none = ["No two wallets have names that dm3's clients take for one."];
      print(flags, twins, twins.length > 0 ? lines : none);
    });
}
