/** `signpost relay canary`: what to publish for the canary, and one canary now. */
import type { Command } from "commander";
import { DM3_PROFILE_KEY } from "../../../dm3/profile/profileRecord.js";
import { SignpostError } from "../../../errors.js";
import { installationSettings } from "../../../settings/installationSettings.js";
import { readSettings } from "../../../settings/settingsPart.js";
import { print } from "../../../terminal/print.js";
import { relaySettings } from "../settings.js";
import { type JsonFlag, readRelay } from "./withRelay.js";

export function addCanaryCommand(relay: Command): void {
  relay
    .command("canary")
    .description(
      "send a message to the canary's own account through the public URL and read it back; exit status 1 if it does not come back",
    )
    .option("--show", "only show the records to publish for the canary's name")
    .option("--json", "print JSON")
    .action(async (flags: JsonFlag & { readonly show?: true }) => {
      const settings = readSettings([relaySettings, installationSettings], process.env);
      const own = settings(relaySettings);
      const { chainRpcUrls } = settings(installationSettings).secrets;
      const { ensName, canary } = own;
      if (ensName === null || canary === null) throw noCanary();
      const [{ canaryAccount }, { sendCanary }, { ensAccess }] = await Promise.all([
        import("../canary/canaryAccount.js"),
        import("../canary/sendCanary.js"),
        import("../ensAccess.js"),
      ]);
      const account = await readRelay(({ pool, tables, secrets }) =>
        canaryAccount(pool, tables, secrets, { name: canary.name, relayNode: ensName }),
      );
      const { name, address, profileRecord } = account;
      const records = { name, address, [DM3_PROFILE_KEY]: profileRecord };
      const lines = [
        `name    ${name}`,
        `address ${address} (the record addr)`,
        `record  ${DM3_PROFILE_KEY}`,
        `        ${profileRecord}`,
      ];
      if (flags.show) {
        print(flags, records, lines);
        return;
      }
      const { lookup } = ensAccess(chainRpcUrls, own);
      if (lookup === null) throw noChain();
      const outcome = await sendCanary(account, lookup, new AbortController().signal);
      const took = `${(outcome.tookMs / 1000).toFixed(1)} s`;
      print(flags, { ...records, ...outcome }, [...lines, `${outcome.sentence} (${took})`]);
      if (!outcome.isWell) process.exitCode = 1;
    });
}

function noCanary(): SignpostError {
  return new SignpostError(
    "INVALID_CONFIGURATION",
    "There is no canary: set RELAY_ENS_NAME, and RELAY_CANARY_NAME to an ENS name of yours for it.",
  );
}

function noChain(): SignpostError {
  return new SignpostError(
    "INVALID_CONFIGURATION",
    "The canary cannot be looked up: CHAIN_RPC_URLS names no RPC node of the chain of RELAY_ENS_CHAIN.",
  );
}
