/** `signpost bridge check <name>`: a mail bridge from outside, as DM3 users, other mail servers and mail programs meet it. */
import type { Command } from "commander";
import { type Finding, type Line, notApplicable } from "../../../doctor/line.js";
import { SignpostError } from "../../../errors.js";
import { publicAddresses } from "../../../net/addressRule.js";
import { type FoundNetwork, resolveNetwork } from "../../../sdk/node.js";
import { type HostAndPort, hostAndPort } from "../../../settings/networkSettings.js";
import { recordLines } from "../../gateway/check/recordLines.js";
import { tellVerdict } from "../../gateway/check/tellVerdict.js";
import { consentLines } from "../../gateway/looks.js";
import { type LookupFlags, lookupOptions } from "../../message/lookupOptions.js";
import { type DnsFlags, dnsOptions } from "../../network/dnsOption.js";
import { progressLine } from "../../progressLine.js";
import { MAIL_CHECKS, mailLines, type MailOptions } from "./mailLines.js";

export interface CheckFlags extends LookupFlags, DnsFlags {
  readonly selector: string;
  readonly smtp?: string;
  readonly wkd?: string;
}

/** Throws INVALID_NAME, and INVALID_REQUEST for options. */
export async function check(given: string, flags: CheckFlags, command: Command): Promise<void> {
  const lookup = lookupOptions(flags);
  const options = mailOptions(flags);
  const progress = progressLine();
  const lines: Line[] = [];
  const add = (id: string, finding: Finding, dependsOn: string | null = null) => {
    lines.push({ id, ...finding, url: null, dependsOn });
  };
  const skip = (reason: string, dependsOn: string | null) => {
    for (const id of MAIL_CHECKS) add(id, notApplicable(reason), dependsOn);
  };

  progress.show("record");
  const network = await resolveNetwork(given, lookup);
  const register = "signpost bridge register";
  const { allowLoopback } = options;
  for (const { id, ...finding } of await recordLines(network, { allowLoopback, register })) {
    add(id, finding);
  }
  if (network.status !== "found") skip("depends on record", "record");
  else if (!isMailBridge(network)) {
    const { kind, network: to } = network.record;
    skip(`it is no mail bridge, but a ${kind} to ${to}`, null);
  } else {
    progress.show("mail");
    const { record, name } = network;
    const [consents, mail] = await Promise.all([
      consentLines(record, name, options.dns),
      mailLines(record.virtualDomain, options),
    ]);
    for (const { id, ...finding } of [...consents, ...mail]) add(id, finding);
  }
  progress.clear();

  tellVerdict(command, network, lines, flags);
}

function isMailBridge({ record }: Pick<FoundNetwork, "record">): boolean {
  return record.kind === "bridge" && record.network === "mail";
}

function mailOptions(flags: CheckFlags): MailOptions {
  const allowLoopback = flags.allowLoopback ?? false;
  return {
    ...{ dns: dnsOptions(flags), selector: flags.selector, allowLoopback },
    server: flags.smtp === undefined ? null : serverOf(flags.smtp),
    mayConnect: publicAddresses({ allowLoopback }),
    directory: flags.wkd === undefined ? null : urlOf(flags.wkd),
  };
}

function serverOf(text: string): HostAndPort {
  try {
    return hostAndPort(text);
  } catch {
    throw new SignpostError("INVALID_REQUEST", "--smtp is no host:port. Give one.");
  }
}

function urlOf(text: string): URL {
  if (URL.canParse(text)) return new URL(text);
  throw new SignpostError(
    "INVALID_REQUEST",
    "--wkd is no URL. Give one such as https://bridge.example.",
  );
}
