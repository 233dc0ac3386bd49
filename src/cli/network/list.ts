/** `signpost network list`: the messaging gateways and bridges of a service, each with its domains' own word. */
import type { Command } from "commander";
import { SignpostError } from "../../errors.js";
import type { Consent, DnsOptions } from "../../net/domainConsent.js";
import { networkConsent } from "../../net/networkConsent.js";
import { listNetworks, type NetworkAnswer } from "../../sdk/node.js";
import { table } from "../../terminal/table.js";
import { tell } from "../message/tell.js";
import { serviceOf } from "../service/serviceOption.js";
import { type DnsFlags, dnsOptions } from "./dnsOption.js";

interface ListFlags extends DnsFlags {
  readonly service?: string;
  readonly nativeDomain?: string;
  readonly limit?: string;
  readonly json?: true;
}

interface Listed extends NetworkAnswer {
  /** Null where the names say whose people they are, so that no single domain could confirm it. */
  readonly consent: Consent | null;
  /** Of the host in the addresses that DM3 users have there. */
  readonly virtualConsent: Consent;
}

const MOST_LISTED = 1000;
const USUALLY_LISTED = 100;
/** Domains that are asked at a time. */
const AT_ONCE = 8;

const HEAD = ["NAME", "KIND", "NETWORK", "DOMAIN", "NAMES UNDER", "DM3 USERS AT"];

const CONSENT_TEXT: Readonly<Record<Consent, string>> = {
  confirmed: "confirmed",
  unconfirmed: "unconfirmed",
  unknown: "could not find out",
};

/** Throws INVALID_REQUEST, UNREACHABLE, and what the service refuses. */
export async function list(flags: ListFlags, command: Command): Promise<void> {
  const { nativeDomain } = flags;
  const limit = limitOf(flags.limit);
  const dns = dnsOptions(flags);
  const found: NetworkAnswer[] = [];
  const service = { url: serviceOf(flags.service) };
  const options = nativeDomain === undefined ? {} : { nativeDomain };
  for await (const network of listNetworks(service, options)) {
    found.push(network);
    if (found.length === limit) break;
  }
  const networks = await withConsent(found, dns);
  tell(
    command,
    flags,
    { networks },
    networks.length === 0 ? ["No network is registered there."] : table(networks.map(rowOf), HEAD),
  );
}

async function withConsent(
  networks: readonly NetworkAnswer[],
  dns: DnsOptions,
): Promise<readonly Listed[]> {
  const listed: Listed[] = [];
  for (let first = 0; first < networks.length; first += AT_ONCE) {
    const some = networks.slice(first, first + AT_ONCE).map(async (network): Promise<Listed> => {
      const { domain, virtualDomain } = await networkConsent(network, network.name, dns);
      return {
        ...network,
        consent: domain && domain.consent,
        virtualConsent: virtualDomain.consent,
      };
    });
    listed.push(...(await Promise.all(some)));
  }
  return listed;
}

function rowOf(listed: Listed): readonly string[] {
  const { name, kind, network, nativeDomain, virtualDomain, names } = listed;
  const domain =
    nativeDomain === null
      ? "all domains"
      : `${nativeDomain} (${CONSENT_TEXT[listed.consent ?? "unknown"]})`;
  const host = `${virtualDomain} (${CONSENT_TEXT[listed.virtualConsent]})`;
  return [name, kind, network, domain, names, host];
}

function limitOf(given: string | undefined): number {
  const limit = Number(given ?? USUALLY_LISTED);
  if (Number.isInteger(limit) && limit >= 1 && limit <= MOST_LISTED) return limit;
  throw new SignpostError(
    "INVALID_REQUEST",
    `--limit is ${given}. Give a whole number from 1 to ${MOST_LISTED}.`,
  );
}
