/** Whether the DNS says of this installation's mail bridge what other mail servers want to see. */
import { readDkimKeys } from "../../capabilities/mail/dkimFolder.js";
import { dnsRecords } from "../../capabilities/mail/dnsRecords.js";
import { mailSettings } from "../../capabilities/mail/settings.js";
import type { DnsOptions } from "../../net/domainConsent.js";
import { readSettings } from "../../settings/settingsPart.js";
import type { StepLine } from "../gateway/looks.js";
import { dnsAt, pointerFinding, recordFinding } from "./dnsFindings.js";

/** Throws INVALID_CONFIGURATION for DKIM keys that cannot be read. */
export async function mailDnsLines(options: DnsOptions): Promise<readonly StepLine[]> {
  const { bridge } = readSettings([mailSettings], process.env)(mailSettings);
  if (bridge === null) return [];
  const { dkimFolder: folder, dkimSelector: selector, hostName } = bridge;
  const keys = await readDkimKeys({ folder, selector });
  const dns = dnsAt(options);
  const lines = dnsRecords(bridge, keys).map(async (record) => {
    const advice = `Publish in the DNS: ${record.name} ${record.type} ${record.text}`;
    return { id: record.id, ...(await recordFinding(dns, record, advice)) };
  });
  return [...(await Promise.all(lines)), { id: "ptr", ...(await pointerFinding(dns, hostName)) }];
}
