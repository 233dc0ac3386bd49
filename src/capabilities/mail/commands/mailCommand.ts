/** `signpost mail`: the mail bridge of this installation. */
import type { Command } from "commander";

export function mailCommand(program: Command): void {
  const mail = program.command("mail").description("the mail bridge of this installation");
  mail
    .command("dkim-keys")
    .description(
      "make the keys that its mail is signed by, and print the DNS records that are needed",
    )
    .option("--json", "print JSON")
    .action(async (options: { readonly json?: true }) => {
      const { dkimKeys } = await import("./dkimKeys.js");
      await dkimKeys(options);
    });
  mail
    .command("report-key")
    .description("show the OpenPGP key that signs its reports to mail users")
    .option("--renew", "make another one first, for when somebody may have it")
    .option("--json", "print JSON")
    .action(async (options: { readonly json?: true; readonly renew?: true }) => {
      const { reportKey } = await import("./reportKey.js");
      await reportKey(options);
    });
}
