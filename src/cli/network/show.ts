/** `signpost network show <name>`: a messaging gateway or a bridge as clients see it, and what its domains say of it. */
import type { Command } from "commander";
import { type NetworkConsent, networkConsent } from "../../net/networkConsent.js";
import { type FoundNetwork, resolveNetwork } from "../../sdk/node.js";
import { addressedOutcome } from "../addressedOutcome.js";
import { type LookupFlags, lookupOptions } from "../message/lookupOptions.js";
import { tell } from "../message/tell.js";
import { OUTCOME_EXIT_STATUS } from "../resolve.js";
import { type DnsFlags, dnsOptions } from "./dnsOption.js";

type ShowFlags = LookupFlags & DnsFlags;

/** Throws INVALID_NAME and INVALID_REQUEST. */
export async function show(name: string, flags: ShowFlags, command: Command): Promise<void> {
  const dns = dnsOptions(flags);
  const outcome = await resolveNetwork(name, lookupOptions(flags));
  process.exitCode = OUTCOME_EXIT_STATUS[outcome.status];
  if (outcome.status !== "found") {
    tell(command, flags, outcome, addressedOutcome(outcome));
    return;
  }
  const consent = await networkConsent(outcome.record, outcome.name, dns);
  tell(command, flags, { ...outcome, ...consent }, linesOf(outcome, consent));
}

function linesOf(found: FoundNetwork, consent: NetworkConsent): readonly string[] {
  const { record } = found;
  const facts: readonly (readonly [string, string])[] = [
    ["owner", found.owner ?? "its service"],
    ["kind", record.kind],
    ["network", record.network],
    ["native domain", record.nativeDomain ?? "all: the names say whose"],
    ["names under", record.names],
    ["virtual domain", record.virtualDomain],
    ["directions", record.directions],
    ["codecs", record.codecs.join(", ")],
    ["message types", record.messageTypes.join(", ")],
    ["size limit", `${record.sizeLimit} bytes`],
    ["hourly limit", `${record.hourlyLimit} messages of one sender`],
    ["signed at", new Date(record.signedAtSec * 1000).toISOString()],
  ];
  return addressedOutcome(found, [
    ...facts.map(([name, value]) => `  ${name.padEnd(16)}${value}`),
    ...[consent.domain, consent.virtualDomain]
      .filter((one) => one !== null)
      .map(({ sentence }) => `  ${"consent".padEnd(16)}${sentence}`),
    "",
    "  relay nodes",
    ...found.relayNodes.map((node) =>
      node.status === "found"
        ? `    ok ${node.name}  ${node.profile.url}`
        : `    x  ${node.name}  ${node.status}: ${node.sentence}`,
    ),
  ]);
}
