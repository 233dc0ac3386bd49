/** What other mail servers and mail programs see of a bridge: its DNS, its mail server, and its key directory. */
import { keySelectors } from "../../../capabilities/mail/dkimFolder.js";
import { recordPlaces } from "../../../capabilities/mail/dnsRecords.js";
import { type Finding, notApplicable } from "../../../doctor/line.js";
import { foreignText } from "../../../fetch/foreignText.js";
import type { StepLine } from "../../gateway/looks.js";
import { dnsAt, pointerFinding, recordFinding } from "../dnsFindings.js";
import { type DirectoryOptions, keyDirectoryFinding } from "./keyDirectoryFinding.js";
import { smtpFinding, type SmtpOptions } from "./smtpFinding.js";

export interface MailOptions extends SmtpOptions, DirectoryOptions {
  /** What the names of its DKIM keys begin with. */
  readonly selector: string;
}

/** What `mailLines` looks at. */
export const MAIL_CHECKS = ["mx", "spf", "dkim", "dmarc", "ptr", "smtp", "wkd"] as const;

/** @param domain the host in the addresses of DM3 users */
export async function mailLines(
  domain: string,
  options: MailOptions,
): Promise<readonly StepLine[]> {
  const dns = dnsAt(options.dns);
  const records = recordPlaces(domain, keySelectors(options.selector)).map(async (place) => {
    const advice = `Publish ${place.name} ${place.type} in the DNS, as signpost mail dkim-keys prints it.`;
    const other = place.id === "dkim" ? " Or tell by --selector how its keys are called." : "";
    return lineOf(place.id, recordFinding(dns, place, advice + other));
  });
  return Promise.all([
    ...records,
    lineOf("ptr", pointerOf(domain)),
    lineOf("smtp", smtpFinding(domain, options)),
    lineOf("wkd", keyDirectoryFinding(domain, options)),
  ]);

  /** The host that greets there is taken for the one that sends. */
  async function pointerOf(of: string): Promise<Finding> {
    const servers = await dns.resolveMx(of).catch(() => []);
    const [first] = servers.sort((one, other) => one.priority - other.priority);
    return first === undefined
      ? notApplicable(`the DNS told no mail server of ${of}`)
      : pointerFinding(dns, foreignText(first.exchange.toLowerCase()));
  }
}

async function lineOf(id: (typeof MAIL_CHECKS)[number], finding: Promise<Finding>) {
  return { id, ...(await finding) };
}
