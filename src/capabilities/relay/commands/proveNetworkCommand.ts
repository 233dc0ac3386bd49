/** `signpost relay prove-network`: this relay node signs the record of a messaging gateway or bridge that it is part of. */
import type { Command } from "commander";
import { draftJson, draftToSign, signedBy } from "../../../dm3/statement/networkDraft.js";
import { checksumAddress, parseAddress } from "../../../ens/address.js";
import { resolvableName } from "../../../ens/resolvableName.js";
import { readSettings } from "../../../settings/settingsPart.js";
import { givenJson } from "../../../terminal/givenJson.js";
import { print } from "../../../terminal/print.js";
import { relaySettings } from "../settings.js";
import { readRelay } from "./withRelay.js";

interface ProveNetworkFlags {
  readonly record: string;
  readonly owner?: string;
}

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
      const owner =
        flags.owner === undefined ? undefined : checksumAddress(parseAddress(flags.owner));
      const nowSec = Math.floor(Date.now() / 1000);
      const record = await givenJson("network record", flags.record);
      const draft = draftToSign(name, record, { owner, nowSec });
      const { keysToProve } = await import("../relayKeys.js");
      const { signingKeyPair } = await readRelay(({ pool, tables, secrets }) =>
        keysToProve(pool, tables, secrets),
      );
      const node = ensName === null ? undefined : resolvableName(ensName).name;
      print({ json: true }, draftJson(signedBy(draft, node, signingKeyPair)), []);
    });
}
