import { parseDeliveryServiceProfile } from "../dm3/profile/profile.js";
import { DM3_DELIVERY_SERVICE_KEY } from "../dm3/profile/profileRecord.js";
import { checksumAddress } from "../ens/address.js";
import { type ResolvableName, resolvableName } from "../ens/resolvableName.js";
import { text } from "../ens/resolverFunctions.js";
import { unlessAborted } from "../fetch/unlessAborted.js";
import { guardUrl } from "../fetch/urlGuard.js";
import type { FoundResolver } from "./callResolver.js";
import { findResolver } from "./findResolver.js";
import { withHeadStart } from "./headStart.js";
import { differenceText, namedBy } from "./namedBy.js";
import { outcomeOfError, type RelayNodeOutcome } from "./outcome.js";
import { readProfileSource } from "./profileSource.js";
import { readText } from "./readRecord.js";
import {
  type ResolveOptions,
  type ResolveSettings,
  resolveSettings,
  startReading,
} from "./resolveOptions.js";
import { resolverInV1 } from "./resolverInV1.js";

/**
 * The profile that a relay node publishes, and nothing about who vouches for it: all that is needed to send there.
 *
 * Throws INVALID_NAME for a name without ENSIP-15 normal form, INVALID_REQUEST for wrong options, and the reason of
 * `signal` when that is aborted; everything else is an outcome.
 */
export async function findRelayNode(
  name: string,
  options: ResolveOptions,
): Promise<RelayNodeOutcome> {
  const settings = resolveSettings(options);
  return unlessAborted(settings.signal, relayNodeOutcome(resolvableName(name), settings));
}

/** The same with complete settings. `likely`: a resolver that perhaps answers for it, or null. */
export async function relayNodeOutcome(
  asked: ResolvableName,
  settings: ResolveSettings,
  likely: FoundResolver | null = null,
): Promise<RelayNodeOutcome> {
  try {
    return await readRelayNode(asked, settings, likely);
  } catch (error) {
    return outcomeOfError(asked.name, error);
  }
}

async function readRelayNode(
  asked: ResolvableName,
  settings: ResolveSettings,
  likely: FoundResolver | null,
): Promise<RelayNodeOutcome> {
  const { name } = asked;
  const call = text.encodeInput(asked.node, DM3_DELIVERY_SERVICE_KEY);
  const context = withHeadStart(startReading(settings), likely, asked, call);
  const { checks } = context;
  const finding = await findResolver(context, settings, asked);
  const { resolver } = finding;
  if (resolver === null) {
    const named = namedBy(finding, await resolverInV1(context, asked, finding));
    const sentence = `${name} has no resolver in ENS, so no relay node can be found under it.${differenceText(named)}`;
    return { status: "absent", name, sentence, reason: "no-resolver", ...named };
  }
  const [record, inV1] = await Promise.all([
    readText(context, resolver, asked, DM3_DELIVERY_SERVICE_KEY),
    resolverInV1(context, asked, finding),
  ]);
  const named = namedBy(finding, inV1);
  const difference = differenceText(named);
  if (record === null) {
    const sentence = `${name} has no record ${DM3_DELIVERY_SERVICE_KEY}: it is no relay node.${difference}`;
    return { status: "absent", name, sentence, reason: "no-record", ...named };
  }
  const { source, json } = await readProfileSource(context, record);
  const profile = checks.run("profile-format", "keys and URL are well-formed", () =>
    parseDeliveryServiceProfile(json),
  );
  // a client posts messages there: it must not be sent into its own network by whoever owns the name
  checks.run("relay-node-url", "the URL leads to a public address", () =>
    guardUrl(profile.url, settings),
  );
  return {
    status: "found",
    name,
    sentence: `${name} is the relay node at ${profile.url}.${difference}`,
    profile,
    source,
    resolver: checksumAddress(resolver.address),
    ...named,
    checks: checks.passed,
    expiresAt: context.expiry.isoTime,
  };
}
