/** `--resolver`: the address of an OffchainResolver, or an ENS name that leads to one. */
import { checksummed } from "../../chain/checksummed.js";
import type { Connection } from "../../chain/connection.js";
import { isOffchainResolver } from "../../chain/ownResolver.js";
import { parseAddress } from "../../ens/address.js";
import { type ResolvableName, resolvableName } from "../../ens/resolvableName.js";
import { isSignpostError, SignpostError } from "../../errors.js";
import { AnswerExpiry } from "../../lookup/answerExpiry.js";
import type { FoundResolver } from "../../lookup/callResolver.js";
import { CheckLog, checkThatFailed } from "../../lookup/checks.js";
import { type Finding, findResolver } from "../../lookup/findResolver.js";
import { readAddress } from "../../lookup/readRecord.js";
import { universalResolverIn } from "../../lookup/resolveOptions.js";
import { resolverInV1 } from "../../lookup/resolverInV1.js";
import { createGuardedFetcher } from "../../net/guardedFetch.js";
import { ensOptions } from "../ensOptions.js";
import { addressOf, ensRegistryOf, type ResolverFlags } from "./chainOptions.js";

/**
 * Checksummed. A name stands for the resolver that it is attached to; where that is none of ours, for the resolver whose
 * address it has, as names of contracts do.
 * @throws INVALID_REQUEST for what leads to no OffchainResolver, UNREACHABLE when it cannot be found out
 */
export async function resolverAddress(
  connection: Connection,
  flags: ResolverFlags,
): Promise<string> {
  const given = flags.resolver;
  if (/^0x[0-9a-fA-F]{40}$/.test(given)) return addressOf(given);
  if (!given.includes(".")) {
    throw new SignpostError(
      "INVALID_REQUEST",
      `--resolver takes an address (0x and 40 hexadecimal digits) or a full ENS name; got ${given}.`,
    );
  }
  const asked = resolvableName(given);
  const finding = await findResolver(
    connection.chain(),
    {
      ensRegistry: parseAddress(ensRegistryOf(connection.chainId, flags)),
      universalResolver: universalResolverIn(ensOptions(flags)),
    },
    asked,
  );
  // looked at first: it takes no gateway, which may be what has to be repaired
  const attached = await attachedResolver(connection, asked, finding);
  if (attached !== null && (await isOffchainResolver(connection.chain(), attached))) {
    return attached;
  }
  const named = await addressRecord(connection, asked, finding.resolver);
  if (named !== null && (await isOffchainResolver(connection.chain(), named))) return named;
  throw new SignpostError(
    "INVALID_REQUEST",
    `${asked.name} leads to no OffchainResolver: ${attached === null ? "it has no resolver of its own in ENS" : `its resolver ${attached} is another contract`}, and ${named === null ? "no address" : `its address ${named} is none`}. Give the resolver's address.`,
    { name: asked.name },
  );
}

/** The resolver of exactly this name; in ENSv1 where ENSv2 passes lookups on to that. */
async function attachedResolver(
  connection: Connection,
  asked: ResolvableName,
  finding: Finding,
): Promise<string | null> {
  const { registered, resolver } = finding;
  const agrees = (await resolverInV1(connection.chain(), asked, finding)) === undefined;
  const nearest = agrees && registered !== undefined ? registered : resolver;
  return nearest?.registeredName === asked.name ? checksummed(nearest.address) : null;
}

/** What the name's `addr` says, with all checks of a client. */
async function addressRecord(
  connection: Connection,
  asked: ResolvableName,
  resolver: FoundResolver | null,
): Promise<string | null> {
  if (resolver === null) return null;
  const context = {
    ...connection.chain(),
    fetcher: createGuardedFetcher(),
    checks: new CheckLog(),
    expiry: new AnswerExpiry(),
  };
  try {
    return checksummed(await readAddress(context, resolver, asked));
  } catch (error) {
    if (!isSignpostError(error) || checkThatFailed(error) === null) throw error;
    throw new SignpostError(
      "INVALID_REQUEST",
      `The address of ${asked.name} cannot be trusted: ${error.message} Give the resolver's address.`,
      { name: asked.name },
      { cause: error },
    );
  }
}
