/** `signpost mirror promote`: the domain is changed here from now on, and at the old primary no more. */
import type { Command } from "commander";
import { contractWalletsOn } from "../../../../chain/askContractWallets.js";
import { normalizeName } from "../../../../ens/normalize.js";
import { isSignpostError, SignpostError } from "../../../../errors.js";
import type { Promoted } from "../../../../mirror/cutOff.js";
import { keepLease } from "../../../../mirror/keepLease.js";
import { promoteMirror } from "../../../../mirror/promote.js";
import { readSecretFile } from "../../../../operator-keys/secretFile.js";
import { print } from "../../../../terminal/print.js";
import { isServiceUrl } from "../../../../wire/domainInput.js";
import { mirrorParts } from "../../mirror/mirrorParts.js";
import { openPrimary } from "../../mirror/primaryApi.js";
import { rpcUrlsOrSet } from "../rpcUrls.js";
import { mirrorBehind, type MirrorInstallation, withMirrors } from "./mirrorInstallation.js";
import { linesOfPromoted } from "./promotedText.js";

interface PromoteFlags {
  readonly to?: string;
  readonly keyFile?: string;
  readonly rpc?: string;
  readonly primaryIsGone?: true;
  readonly leaveBehind?: true;
  readonly json?: true;
}

export function promoteCommand(mirror: Command): void {
  mirror
    .command("promote")
    .description(
      "let the domain be changed here: the old primary is frozen first, the rest comes from it, and then it is changed here",
    )
    .argument("<domain>", "the domain")
    .option("--to <url>", "this installation's service: the old primary sends writers there")
    .option(
      "--key-file <file>",
      "a file with an API key of the domain at the old primary, with domain:admin; the one of the mirror otherwise",
    )
    .option(
      "--rpc <urls>",
      "ask contract wallets about what they signed, at the block of then: <chain id>=<URL>, with commas; CHAIN_RPC_URLS otherwise",
    )
    .option(
      "--primary-is-gone",
      "do not ask the old primary: what it had and this mirror has not is lost",
    )
    .option("--leave-behind", "also where names are not here as the primary has them")
    .option("--json", "print JSON")
    .action(async (given: string, flags: PromoteFlags) => {
      const domain = normalizeName(given);
      const to = serviceHere(flags);
      const { promoted, warning } = await withMirrors(async (home) => {
        await dropKeyOfPromoted(home, domain);
        const promoted = await promote(home, domain, to, flags);
        return { promoted, warning: await dropKey(home, domain) };
      });
      const { mirror: before, isByAnother } = promoted;
      const { primary, problems } = before;
      const facts = {
        ...{ domain, oldPrimary: primary.url, isByAnother, warning },
        // another run was perhaps given something else
        oldPrimaryIsFrozen: isByAnother ? null : to !== null,
        problems,
      };
      print(flags, facts, [
        ...linesOfPromoted(promoted, to),
        ...(warning === null ? [] : [`  ${warning}`]),
      ]);
    });
}

async function promote(
  home: MirrorInstallation,
  domain: string,
  to: string | null,
  flags: PromoteFlags,
): Promise<Promoted> {
  const { primary: place } = await mirrorBehind(home, domain);
  const apiKey = await keyOf(home, domain, flags, to);
  const primary = openPrimary(place, apiKey);
  const surroundings = home.surroundings(contractWalletsOn(rpcUrlsOrSet(flags.rpc, process.env)));
  const parts = mirrorParts(surroundings, domain, primary, new AbortController());
  try {
    const promotion = { to, leavesBehind: flags.leaveBehind === true };
    return await keepLease(parts, () => promoteMirror(parts, promotion));
  } catch (error) {
    throw to !== null && isSignpostError(error, "UNREACHABLE")
      ? unreachable(place.url, error)
      : error;
  } finally {
    await primary.close();
  }
}

/** An earlier run may have promoted it and not come so far. */
async function dropKeyOfPromoted(home: MirrorInstallation, domain: string): Promise<void> {
  const { mirrors } = home;
  if ((await mirrors.mirrorOf(domain)) !== null) return;
  if (await mirrors.isChangedHere(domain)) await dropKey(home, domain);
}

/** The domain is promoted: what is wrong with its key then is a warning. */
async function dropKey({ keys }: MirrorInstallation, domain: string): Promise<string | null> {
  try {
    await keys.drop(domain);
    return null;
  } catch (error) {
    if (!isSignpostError(error)) throw error;
    return `Warning: the API key of the old primary is still kept here (${error.message}). Revoke it there: signpost key revoke`;
  }
}

/** Nobody is asked where the primary is gone. */
async function keyOf(
  { keys }: MirrorInstallation,
  domain: string,
  { keyFile }: PromoteFlags,
  to: string | null,
): Promise<string> {
  if (keyFile !== undefined) return readSecretFile(keyFile, "API key file");
  if (to === null) return "none";
  const kept = await keys.open(domain);
  if (kept !== null) return kept;
  throw new SignpostError(
    "INVALID_REQUEST",
    "The mirror's API key is not here any more; give one of the old primary by --key-file.",
  );
}

function serviceHere({ to, primaryIsGone }: PromoteFlags): string | null {
  if (primaryIsGone === true) {
    if (to === undefined) return null;
    throw new SignpostError(
      "INVALID_REQUEST",
      "--to is what the old primary is told, and with --primary-is-gone nobody tells it. Give one of them.",
    );
  }
  if (to !== undefined && isServiceUrl(to)) return new URL(to).href;
  throw new SignpostError(
    "INVALID_REQUEST",
    "--to takes the absolute URL of this installation's service, such as https://signpost.example.com: the old primary sends writers there. Where the old primary is gone for good, give --primary-is-gone instead.",
  );
}

function unreachable(url: string, cause: Error): SignpostError {
  return new SignpostError(
    "UNREACHABLE",
    `The old primary ${url} was not reached, and nothing was promoted. ${cause.message} Try again when it answers. Where it is gone for good, and cannot come back and be changed, give --primary-is-gone: what it had and this mirror has not is lost then.`,
    { reason: cause.message },
    { cause },
  );
}
