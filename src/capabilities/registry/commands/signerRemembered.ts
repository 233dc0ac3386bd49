/** `signpost signer list`, `remember` and `forget`: by whom gateways on this database sign. */
import type { Command } from "commander";
import { checksumAddress, parseAddress } from "../../../ens/address.js";
import { SignpostError } from "../../../errors.js";
import { print } from "../../../terminal/print.js";
import { table } from "../../../terminal/table.js";
import { lookIntoInstallation, withInstallation } from "./installation.js";

export function rememberedCommands(signer: Command): void {
  signer
    .command("list")
    .description("list the signers that have signed on this database, or were confirmed")
    .option("--json", "print JSON")
    .action(async (flags: { json?: true }) => {
      const signers = await lookIntoInstallation((installation) => installation.signers.signers());
      const rows = signers.map(({ address, isKnown, firstMs, lastMs }) => ({
        address: checksumAddress(address),
        isKnown,
        firstAt: new Date(firstMs).toISOString(),
        lastAt: lastMs === null ? null : new Date(lastMs).toISOString(),
      }));
      const lines = table(
        rows.map((row) => [
          row.address,
          row.isKnown ? "known" : "stranger",
          row.firstAt,
          row.lastAt ?? "not yet",
        ]),
        ["ADDRESS", "STATE", "SINCE", "SIGNED LAST"],
      );
      print(flags, rows, rows.length > 0 ? lines : ["No gateway has signed on this database yet."]);
    });

  signer
    .command("remember")
    .description("confirm a signer that you have checked: gateways here may switch to it unasked")
    .argument("<address>", "the signer's address, as `signpost signer show` prints it")
    .option("--json", "print JSON")
    .action(async (given: string, flags: { json?: true }) => {
      const address = parseAddress(given);
      await withInstallation((installation) => installation.signers.remember(address));
      print(flags, { address: checksumAddress(address), isKnown: true }, [
        `${checksumAddress(address)} is known here from now on.`,
      ]);
    });

  signer
    .command("forget")
    .description(
      "take a confirmation back, of a key that was stolen or retired, or a wrong address",
    )
    .argument("<address>", "the signer's address, as `signpost signer list` prints it")
    .option("--json", "print JSON")
    .action(async (given: string, flags: { json?: true }) => {
      const address = parseAddress(given);
      const shown = checksumAddress(address);
      if (!(await withInstallation((installation) => installation.signers.forget(address)))) {
        throw new SignpostError(
          "NOT_FOUND",
          `${shown} is not known here; see \`signpost signer list\`.`,
        );
      }
      print(flags, { address: shown, isKnown: false }, [
        `${shown} is a stranger here from now on.`,
      ]);
    });
}
