/** `signpost network find bob@chat.example`: the way to somebody in a connected network. */
import type { Command } from "commander";
import { SignpostError } from "../../errors.js";
import { foreignText } from "../../fetch/foreignText.js";
import { networksNamedBy } from "../../net/domainConsent.js";
import { type FoundNative, listNetworks, resolveNativeAddress } from "../../sdk/node.js";
import { addressedOutcome } from "../addressedOutcome.js";
import { type LookupFlags, lookupOptions } from "../message/lookupOptions.js";
import { tell } from "../message/tell.js";
import { OUTCOME_EXIT_STATUS } from "../resolve.js";
import { type DnsFlags, dnsOptions } from "./dnsOption.js";

interface FindFlags extends LookupFlags, DnsFlags {
  readonly network?: string;
  readonly service?: string;
}

/** Throws INVALID_NAME, INVALID_REQUEST for what is no address, NOT_FOUND and UNREACHABLE where no network is known. */
export async function find(address: string, flags: FindFlags, command: Command): Promise<void> {
  const network = flags.network ?? (await networkOf(address, flags));
  const outcome = await resolveNativeAddress({ network, address }, lookupOptions(flags));
  process.exitCode = OUTCOME_EXIT_STATUS[outcome.status];
  const lines = outcome.status === "found" ? linesOf(outcome) : [];
  tell(command, flags, outcome, addressedOutcome(outcome, lines));
}

/** By the domain's own word in the DNS; where it says nothing, by the first one that a service lists for it. */
async function networkOf(address: string, flags: FindFlags): Promise<string> {
  const nativeDomain = hostOf(address);
  const named = await networksNamedBy(nativeDomain, dnsOptions(flags));
  const [first] = named ?? [];
  if (first !== undefined) return first;
  if (flags.service !== undefined) {
    for await (const { name } of listNetworks({ url: flags.service }, { nativeDomain }))
      return name;
  }
  const shown = foreignText(nativeDomain);
  if (named === null) {
    throw new SignpostError(
      "UNREACHABLE",
      `The DNS did not answer for _dm3.${shown}, so its network could not be found out. Try again later, or give --network <name>.`,
      { unreachable: [{ who: `_dm3.${shown}`, reason: "the DNS did not answer" }] },
    );
  }
  throw new SignpostError(
    "NOT_FOUND",
    `${shown} names no network in its DNS (TXT record _dm3.${shown}). Give --network <name>, or a --service that lists it.`,
    { name: shown },
  );
}

function hostOf(address: string): string {
  const host = address.slice(address.lastIndexOf("@") + 1).toLowerCase();
  if (address.includes("@") && /^[a-z0-9-]+(?:\.[a-z0-9-]+)*$/.test(host) && host.length <= 253) {
    return host;
  }
  throw new SignpostError(
    "INVALID_REQUEST",
    `${JSON.stringify(address.slice(0, 100))} is no address in a network. Give it as local@domain.`,
  );
}

function linesOf(found: FoundNative): readonly string[] {
  return [
    `  name    ${found.name}`,
    `  via     ${found.network.name} (${found.kind})`,
    `  codecs  ${found.codecs.join(", ")}`,
    "",
    "  send to",
    ...found.relayNodes.map(({ name, profile }) => `    ${name}  ${profile.url}`),
  ];
}
