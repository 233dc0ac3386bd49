/** `signpost domain suspend` and `unsuspend`: the admin's last word about a name. */
import type { Command } from "commander";
import { normalizeName } from "../../../ens/normalize.js";
import { SignpostError } from "../../../errors.js";
import { changeName } from "../../../registry/changes/changeName.js";
import { noDomainHolds } from "../../../registry/domains/nameOfAlias.js";
import type { Action } from "../../../registry/names/action.js";
import { print } from "../../../terminal/print.js";
import { withInstallation } from "./installation.js";

const LONGEST_REASON = 500;

export function suspensionCommands(domain: Command): void {
  domain
    .command("suspend")
    .description("answer a name like an absent one; its service cannot undo it")
    .argument("<name>", "the full name, e.g. alice.users.example.eth")
    .requiredOption("--reason <text>", "shown to the service and to the owner")
    .option("--json", "print JSON")
    .action(async (name: string, flags: { reason: string; json?: true }) => {
      const { reason } = flags;
      if (reason === "" || reason.length > LONGEST_REASON) {
        throw new SignpostError(
          "INVALID_REQUEST",
          `--reason takes 1 to ${LONGEST_REASON} characters.`,
        );
      }
      const suspended = await changeAsAdmin(name, { kind: "suspend", reason });
      print(flags, { name: suspended, suspended: true }, [`${suspended} is suspended.`]);
    });

  domain
    .command("unsuspend")
    .description("answer for a suspended name again, whoever suspended it")
    .argument("<name>", "the full name")
    .option("--json", "print JSON")
    .action(async (name: string, flags: { json?: true }) => {
      const served = await changeAsAdmin(name, { kind: "unsuspend" });
      print(flags, { name: served, suspended: false }, [`${served} is answered for again.`]);
    });
}

/** Returns the name in its normal form. */
async function changeAsAdmin(given: string, action: Action): Promise<string> {
  const name = normalizeName(given);
  await withInstallation(async (installation) => {
    const holding = await installation.domains.domainHolding(name);
    if (!holding) throw noDomainHolds(await installation.domains.aliases(), name);
    const authority = { kind: "admin" } as const;
    const change = { domain: holding.name, name, actions: [action], authority };
    await changeName(installation, change, Date.now);
  });
  return name;
}
