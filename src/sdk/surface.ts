/** What both entries of the SDK export besides the two functions. */
export type { BatchItem } from "../api/batch.js";
export type { DomainAnswer, Reservation, ReservationInput } from "../api/domain.js";
export type { HistoryItem } from "../api/history.js";
export type { NameAnswer } from "../api/nameAnswer.js";
export type { NameContent, Publication } from "../api/nameInput.js";
export type { NextRequest } from "../api/nextRequest.js";
export type { OwnRecords } from "../request/ownRecordsSchema.js";
export type { SignedRequestBody } from "../request/signedRequestSchema.js";
export type { BatchOptions, BatchResult } from "./client/batch.js";
export type { CallOptions, ConnectionOptions } from "./client/clientOptions.js";
export { createClient, type Client, type ClientOptions } from "./client/createClient.js";
export {
  createWalletClient,
  type WalletClient,
  type WalletClientOptions,
} from "./client/createWalletClient.js";
export type { HistoryOptions, ListOptions, Names } from "./client/names.js";
export type { Profiles, Records, RelayNodes } from "./client/parts.js";
export type { RequestResult, Requests } from "./client/requests.js";
export type { ReservationListOptions, Reservations } from "./client/reservations.js";
export type {
  DeletionResult,
  Precondition,
  ProfileResult,
  WriteOptions,
  WriteResult,
} from "./client/writes.js";
export { connectWallet, type Wallet } from "./wallet/connectWallet.js";
export type { NameRequestTypedData, OwnerWallet } from "./wallet/ownerWallet.js";
export { signNameRequest, type NameWish, type SignedFor } from "./wallet/signNameRequest.js";
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
