/** What resolving a name comes to. Every outcome can be printed as JSON as it is. */
import type { Hex } from "../abi/hex.js";
import type { DeliveryServiceProfile, UserProfile } from "../dm3/profile/profile.js";
import { isSignpostError } from "../errors.js";
import { type FailedServer, failedServersOf } from "../fetch/serversAsked.js";
import { type CheckName, checkThatFailed, type PassedCheck } from "./checks.js";
import type { ProfileSource } from "./profileSource.js";

interface Outcome {
  /** The name that was asked for, in ENSIP-15 normal form. */
  readonly name: string;
  /** What came out and, where something is wrong, what to do next; for people. */
  readonly sentence: string;
}

/** Whose word says which resolver answers for the name. */
interface Named {
  /** ENS's UniversalResolver, which follows ENSv1 and ENSv2; or the registry of ENSv1 alone, which knows no v2. */
  readonly namedBy: "universal-resolver" | "registry";
  /**
   * Only where ENSv1 and ENSv2 differ: the resolver that ENSv1's registry names (EIP-55), null for none. Clients
   * without ENSv2 ask that one.
   */
  readonly resolverInV1?: Hex | null;
}

/** The name has no such record. Whoever could know was asked and said so. */
export interface AbsentOutcome extends Outcome, Named {
  readonly status: "absent";
  readonly reason: "no-resolver" | "no-record";
}

/** It could not be found out whether there is one. Asking again later may help. */
export interface UnreachableOutcome extends Outcome {
  readonly status: "unreachable";
  /** Everybody who was asked in vain, with the reason. */
  readonly unreachable: readonly FailedServer[];
}

/** There is an answer, but it failed a check: do not use it. */
export interface UntrustedOutcome extends Outcome {
  readonly status: "untrusted";
  /** The first check that failed. */
  readonly check: CheckName;
}

export interface Verified extends Outcome, Named {
  readonly status: "found";
  /** The resolver contract that answered, EIP-55. */
  readonly resolver: Hex;
  /** Every check that was made. */
  readonly checks: readonly PassedCheck[];
  /** When the first of the gateways' answers expires, ISO 8601 in UTC; null when none says, as for records on-chain. */
  readonly expiresAt: string | null;
}

interface Found extends Verified {
  /** Where the profile itself was. */
  readonly source: ProfileSource;
}

export interface FoundProfile extends Found {
  /** The name's Ethereum address, EIP-55: the wallet that signed the profile. */
  readonly address: Hex;
  readonly profile: UserProfile;
  /** The wallet's signature over the profile, `0x` hex. */
  readonly signature: string;
  /** One outcome for each of the profile's `deliveryServices` that was looked up (option `relayNodes`), in their order. */
  readonly relayNodes: readonly RelayNodeOutcome[];
  /** The first relay node whose profile was found, or null. */
  readonly relayNode: FoundRelayNode | null;
}

export interface FoundRelayNode extends Found {
  /** Unsigned: that the name's resolver serves it is all that vouches for it. */
  readonly profile: DeliveryServiceProfile;
}

export type FailedOutcome = AbsentOutcome | UnreachableOutcome | UntrustedOutcome;
export type ProfileOutcome = FoundProfile | FailedOutcome;
export type RelayNodeOutcome = FoundRelayNode | FailedOutcome;

/** The outcome that an error inside the SDK stands for; rethrows what is a defect. */
export function outcomeOfError(
  name: string,
  error: unknown,
): UnreachableOutcome | UntrustedOutcome {
  if (!isSignpostError(error)) throw error;
  const { message: sentence } = error;
  const check = checkThatFailed(error);
  if (check !== null) return { status: "untrusted", name, sentence, check };
  if (error.code !== "UNREACHABLE") throw error;
  return { status: "unreachable", name, sentence, unreachable: failedServersOf(error) };
}
