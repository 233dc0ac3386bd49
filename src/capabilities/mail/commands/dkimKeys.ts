/** `signpost mail dkim-keys`: makes the keys that are missing, and says which DNS records the bridge needs. */
import { readSettings } from "../../../settings/settingsPart.js";
import { print } from "../../../terminal/print.js";
import { makeDkimKeys } from "../dkimFolder.js";
import { dnsRecords } from "../dnsRecords.js";
import { bridgeIn, mailSettings } from "../settings.js";

/** Throws INVALID_CONFIGURATION. */
export async function dkimKeys(flags: { readonly json?: true }): Promise<void> {
  const bridge = bridgeIn(readSettings([mailSettings], process.env)(mailSettings));
  const { dkimFolder: folder, dkimSelector: selector } = bridge;
  const records = dnsRecords(bridge, await makeDkimKeys({ folder, selector }));
  const pointer = { type: "PTR", text: bridge.hostName };
  print(flags, { folder, records, pointer }, [
    `The keys are in ${folder}. Publish these DNS records:`,
    ...records.map(({ name, type, text }) => `  ${name}  ${type}  ${text}`),
    `The address that mail leaves from has to lead back to ${bridge.hostName} (PTR).`,
  ]);
}
