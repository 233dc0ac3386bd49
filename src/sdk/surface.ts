/** What both entries of the SDK export besides the two functions. */
export { CHECKS, type CheckName, type PassedCheck } from "./checks.js";
export { createBrowserFetcher } from "./browserFetcher.js";
export type { FetchAnswer, Fetcher, FetchRequest } from "./fetcher.js";
export type {
  AbsentOutcome,
  FailedOutcome,
  FoundProfile,
  FoundRelayNode,
  ProfileOutcome,
  RelayNodeOutcome,
  UnreachableOutcome,
  UntrustedOutcome,
} from "./outcome.js";
export type { ProfileSource } from "./profileSource.js";
export {
  DEFAULT_TIMEOUT_MS,
  ENS_REGISTRY,
  IPFS_GATEWAYS,
  type ResolveOptions,
} from "./resolveOptions.js";
export type { Eip1193Provider } from "./rpc.js";
export type { FailedServer } from "./serversAsked.js";
export { createProfile, type CreatedProfile, type ProfileWallet } from "./createProfile.js";
export { profileCreationMessage } from "../dm3/profileSignature.js";
export { storageKeyCreationMessage } from "../dm3/storageKey.js";
export { encodeProfileRecord, encodeDeliveryServiceRecord } from "../dm3/profileRecord.js";
export type { DeliveryServiceProfile, SignedUserProfile, UserProfile } from "../dm3/profile.js";
export { isSignpostError, SignpostError, type ErrorCode } from "../errors.js";
