/** `signpost relay prove-network`: this relay node signs the record of a messaging gateway or bridge that it is part of. */
import { readFile } from "node:fs/promises";
import type { Command } from "commander";
import { draftJson, readDraft, signedBy } from "../../../dm3/statement/networkDraft.js";
import { checksumAddress, parseAddress } from "../../../ens/address.js";
import { resolvableName } from "../../../ens/resolvableName.js";
import { SignpostError } from "../../../errors.js";
import { readSettings } from "../../../settings/settingsPart.js";
import { print } from "../../../terminal/print.js";
import { relaySettings } from "../settings.js";
import { withRelay } from "./withRelay.js";

interface ProveNetworkFlags {
  readonly record: string;
  readonly owner?: string;
}

const LONGEST_RECORD = 65_536;

export function addProveNetworkCommand(relay: Command): void {
  relay
    .command("prove-network")
    .description("sign the record of a messaging gateway that this relay node is part of")
    .argument("<name>", "the ENS name of the network: messaging gateway or bridge")
    .requiredOption(
      "--record <file>",
      "what it says of itself, JSON (`signpost xmpp describe`), or signed by other nodes already",
    )
    .option("--owner <address>", "the wallet that owns the name (default: it is its service's own)")
    .action(async (given: string, flags: ProveNetworkFlags) => {
      const { name } = resolvableName(given);
      const { ensName } = readSettings([relaySettings], process.env)(relaySettings);
      const owner = flags.owner === undefined ? null : checksumAddress(parseAddress(flags.owner));
      const signedAtSec = Math.floor(Date.now() / 1000);
      const draft = readDraft(name, await recordOf(flags.record), { owner, signedAtSec });
      const { keysToProve } = await import("../relayKeys.js");
      const { signingKeyPair } = await withRelay(({ pool, tables, secrets }) =>
        keysToProve(pool, tables, secrets),
      );
      const node = ensName === null ? undefined : resolvableName(ensName).name;
      print({ json: true }, draftJson(signedBy(draft, node, signingKeyPair)), []);
    });
}

/** Throws INVALID_REQUEST. */
async function recordOf(file: string): Promise<unknown> {
  try {
    const text = await readFile(file, "utf8");
    if (text.length <= LONGEST_RECORD) return JSON.parse(text) as unknown;
  } catch (cause) {
    throw unreadable(file, cause);
  }
  throw unreadable(file);
}

function unreadable(file: string, cause?: unknown): SignpostError {
  return new SignpostError(
    "INVALID_REQUEST",
    `${file} is no network record in JSON. Write it with signpost xmpp describe.`,
    {},
    { cause },
  );
}
