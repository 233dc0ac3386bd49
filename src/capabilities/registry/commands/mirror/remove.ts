/** `signpost mirror remove`: a domain is followed no more, and nobody is left who knows of a promotion that did not end. */
import type { Command } from "commander";
import { normalizeName } from "../../../../ens/normalize.js";
import { SignpostError } from "../../../../errors.js";
import { print } from "../../../../terminal/print.js";
import { mirrorBehind, withMirrors } from "./mirrorInstallation.js";

export function removeCommand(mirror: Command): void {
  mirror
    .command("remove")
    .description("follow a domain no more; it stays here as it is, and frozen")
    .argument("<domain>", "the domain")
    .option("--json", "print JSON")
    .action(async (given: string, flags: { json?: true }) => {
      const domain = normalizeName(given);
      const { primary, promotingTo } = await withMirrors(async (home) => {
        const mirror = await mirrorBehind(home, domain);
        if (mirror.isPromoting) throw isPromoting(domain);
        await home.mirrors.remove(domain);
        await home.keys.drop(domain);
        return mirror;
      });
      print(flags, { domain, removed: true, primaryMayBeFrozen: promotingTo !== null }, [
        `${domain} follows nobody any more. It is answered for as it is, and frozen (\`signpost domain unfreeze\`).`,
        ...(promotingTo === null
          ? []
          : [
              `  A promotion was begun and did not end, so ${primary.url} may be frozen for this mirror, and for no other one: to change the domain there again, run signpost domain unfreeze ${domain} there.`,
            ]),
      ]);
    });
}

function isPromoting(domain: string): SignpostError {
  return new SignpostError(
    "MIRROR_NOT_READY",
    `${domain} is being promoted at this moment. Wait for its end (\`signpost mirror show ${domain}\`), and remove the mirror then, if it is one still.`,
    { domain },
  );
}
