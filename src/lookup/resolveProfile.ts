/** THE MAIN FLOW of the SDK: from an ENS name to a profile that its wallet signed, and a relay node for it. */
import { toHex } from "../abi/hex.js";
import {
  parseSignedUserProfile,
  type SignedUserProfile,
  type UserProfile,
} from "../dm3/profile/profile.js";
import { DM3_PROFILE_KEY } from "../dm3/profile/profileRecord.js";
import { assertSignedBy } from "../dm3/profile/profileSignature.js";
import { checksumAddress } from "../ens/address.js";
import { type ResolvableName, resolvableName } from "../ens/resolvableName.js";
import { unlessAborted } from "../fetch/unlessAborted.js";
import type { FoundResolver } from "./callResolver.js";
import { failedCheck } from "./checks.js";
import { relayNodeOutcome } from "./findRelayNode.js";
import { differenceText } from "./namedBy.js";
import {
  type FailedOutcome,
  type FoundProfile,
  type FoundRelayNode,
  outcomeOfError,
  type ProfileOutcome,
  type RelayNodeOutcome,
} from "./outcome.js";
import { type ProfileSource, readProfileSource, type SourceContext } from "./profileSource.js";
import { readBesideAddress } from "./readBesideAddress.js";
import { readText } from "./readRecord.js";
import { type ResolveOptions, type ResolveSettings, resolveSettings } from "./resolveOptions.js";

/**
 * Finds and verifies the DM3 profile of a name, then looks up its relay nodes (all at once, unless `relayNodes` asks
 * for fewer).
 *
 * A profile counts only with the signature of the wallet that the same name gives as its Ethereum address. A
 * name with a profile but without an address is therefore untrusted, not absent: somebody published a profile
 * that nobody vouches for, which its owner has to repair.
 *
 * Throws INVALID_NAME for a name without ENSIP-15 normal form, INVALID_REQUEST for wrong options, and the reason of
 * `signal` when that is aborted; everything else is an outcome.
 */
export async function resolveProfile(
  name: string,
  options: ResolveOptions,
): Promise<ProfileOutcome> {
  const settings = resolveSettings(options);
  return unlessAborted(settings.signal, profileOutcome(resolvableName(name), settings));
}

/** The same with complete settings, and without an end by the signal. */
export async function profileOutcome(
  asked: ResolvableName,
  settings: ResolveSettings,
): Promise<ProfileOutcome> {
  const { cache } = settings;
  const key = cacheKey(asked, settings);
  const kept = cache?.get(key) ?? null;
  if (kept !== null) return kept;
  const outcome = await verifiedProfile(asked, settings).catch((error: unknown) =>
    outcomeOfError(asked.name, error),
  );
  if (!("verified" in outcome)) return outcome;
  const { verified, resolver } = outcome;
  const found = withRelayNodes(verified, await relayNodesOf(verified.profile, settings, resolver));
  cache?.set(key, found);
  return found;
}

/** What an outcome depends on beside the chain. */
function cacheKey({ name }: ResolvableName, settings: ResolveSettings): string {
  const { ensRegistry, universalResolver, relayNodes, allowLoopback } = settings;
  const contracts = [ensRegistry, universalResolver].map((one) => one && toHex(one));
  return JSON.stringify([name, ...contracts, relayNodes, allowLoopback]);
}

type VerifiedProfile = Omit<FoundProfile, "relayNodes" | "relayNode">;

interface Verified {
  readonly verified: VerifiedProfile;
  readonly resolver: FoundResolver;
}

async function verifiedProfile(
  asked: ResolvableName,
  settings: ResolveSettings,
): Promise<Verified | FailedOutcome> {
  const { name } = asked;
  const read = await readBesideAddress(
    asked,
    settings,
    (context, resolver) => readSignedProfile(context, resolver, asked),
    {
      noResolver: "has no resolver in ENS. Check the spelling of the name",
      noRecord: `has no record ${DM3_PROFILE_KEY}: its owner has published no DM3 profile`,
    },
  );
  if (read.status === "absent") return read;
  const { value, address, context, resolver, named } = read;
  if (address === null) {
    throw failedCheck(
      "name-address",
      `${name} has a profile but no Ethereum address, so nobody can tell whose signature it needs. ` +
        "Its owner has to set the address.",
    );
  }
  const { signed, source } = value;
  const wallet = checksumAddress(address);
  const { checks } = context;
  checks.run("wallet-signature", `the profile is signed by ${wallet}`, () => {
    assertSignedBy(address, signed);
  });
  const verified: VerifiedProfile = {
    status: "found",
    name,
    sentence: `${name} has a DM3 profile, signed by its wallet ${wallet}.${differenceText(named)}`,
    address: wallet,
    profile: signed.profile,
    signature: signed.signature,
    source,
    resolver: checksumAddress(resolver.address),
    ...named,
    checks: checks.passed,
    expiresAt: context.expiry.isoTime,
  };
  return { verified, resolver };
}

interface SignedProfileRead {
  readonly signed: SignedUserProfile;
  readonly source: ProfileSource;
}

/** The profile in good form, its signature not yet compared; null when there is no record. */
async function readSignedProfile(
  context: SourceContext,
  resolver: FoundResolver,
  name: ResolvableName,
): Promise<SignedProfileRead | null> {
  const record = await readText(context, resolver, name, DM3_PROFILE_KEY);
  if (record === null) return null;
  const { source, json } = await readProfileSource(context, record);
  const signed = context.checks.run(
    "profile-format",
    "keys, relay nodes and signature are well-formed",
    () => parseSignedUserProfile(json),
  );
  return { signed, source };
}

/** The relay nodes of a service often lie beside its users, so the resolver of the user is asked for them at once. */
async function relayNodesOf(
  { deliveryServices }: UserProfile,
  settings: ResolveSettings,
  likely: FoundResolver,
): Promise<readonly RelayNodeOutcome[]> {
  const names = settings.relayNodes === "none" ? [] : deliveryServices.map(resolvableName);
  if (settings.relayNodes === "all") {
    return Promise.all(names.map((name) => relayNodeOutcome(name, settings, likely)));
  }
  const outcomes: RelayNodeOutcome[] = [];
  for (const name of names) {
    outcomes.push(await relayNodeOutcome(name, settings, likely));
    if (outcomes.at(-1)?.status === "found") break;
  }
  return outcomes;
}

function withRelayNodes(
  verified: VerifiedProfile,
  relayNodes: readonly RelayNodeOutcome[],
): FoundProfile {
  const relayNode = relayNodes.find((outcome) => outcome.status === "found") ?? null;
  const sentence = `${verified.sentence}${relayNodeText(relayNode, relayNodes)}`;
  return { ...verified, sentence, relayNodes, relayNode };
}

function relayNodeText(
  relayNode: FoundRelayNode | null,
  asked: readonly RelayNodeOutcome[],
): string {
  if (relayNode !== null) {
    return ` Its relay node is ${relayNode.name} at ${relayNode.profile.url}.`;
  }
  if (asked.length === 0) return "";
  const names = asked.map(({ name }) => name).join(", ");
  return ` But none of its relay nodes (${names}) could be resolved now.`;
}
