/** `signpost domain end-feed`: whoever follows the domain's changes begins anew. */
import type { Command } from "commander";
import { normalizeName } from "../../../ens/normalize.js";
import { print } from "../../../terminal/print.js";
import { withInstallation } from "./installation.js";

export function feedCommand(domain: Command): void {
  domain
    .command("end-feed")
    .description(
      "send those who follow the domain's changes to the beginning: after a restore from a disk's snapshot, or where nobody follows any more",
    )
    .argument("<name>", "the domain")
    .option("--json", "print JSON")
    .action(async (name: string, flags: { json?: true }) => {
      const normal = normalizeName(name);
      const ended = await withInstallation(({ feeds }) => feeds.end(normal));
      print(flags, { domain: normal, ended }, [
        ended
          ? `Whoever follows ${normal} begins anew.`
          : `Nobody follows ${normal}, so there is nothing to end.`,
      ]);
    });
}
