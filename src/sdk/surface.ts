/** What both entries of the SDK export besides the lookups. */
export type { AbiErrors } from "../abi/errorCodes.js";
export type { Dm3Errors } from "../dm3/errorCodes.js";
export { deriveProfileKeys, type KeyPair, type ProfileKeys } from "../dm3/keys/keys.js";
export { storageKeyCreationMessage } from "../dm3/keys/storageKey.js";
export { decodeProfileRecord } from "../dm3/profile/decodeProfileRecord.js";
export type {
  DeliveryServiceProfile,
  SignedUserProfile,
  UserProfile,
} from "../dm3/profile/profile.js";
export {
  DM3_DELIVERY_SERVICE_KEY,
  DM3_PROFILE_KEY,
  encodeDeliveryServiceRecord,
  encodeProfileRecord,
} from "../dm3/profile/profileRecord.js";
export { profileCreationMessage } from "../dm3/profile/profileSignature.js";
export {
  type CertificateClaim,
  type CertificateRecord,
  type CertificateScheme,
  signCertificate,
} from "../dm3/statement/certificate.js";
export {
  NETWORK_KEY as DM3_NETWORK_KEY,
  type NetworkDescription,
  type NetworkRecord,
  type SigningNode,
} from "../dm3/statement/networkRecord.js";
export type { NodeProof, ProvenProfile } from "../dm3/statement/nodeProof.js";
export { labelOf } from "../ens/labelOf.js";
export {
  type CommonErrors,
  type ErrorCode,
  type ErrorDetails,
  isSignpostError,
  SignpostError,
} from "../errors.js";
export { createBrowserFetcher } from "../fetch/browserFetcher.js";
export type { FetchErrors } from "../fetch/errorCodes.js";
export type { FetchAnswer, Fetcher, FetchRequest } from "../fetch/fetcher.js";
export type { FailedServer } from "../fetch/serversAsked.js";
export { type CheckName, CHECKS, type PassedCheck } from "../lookup/checks.js";
export type { LookupErrors } from "../lookup/errorCodes.js";
export type {
  CertificateOutcome,
  FoundCertificate,
  FoundNetwork,
  KnownRelayNode,
  KnownRelayNodeOutcome,
  NetworkOutcome,
  NodeProofFinding,
  NodeRole,
} from "../lookup/networkOutcome.js";
export type {
  AbsentOutcome,
  FailedOutcome,
  FoundProfile,
  FoundRelayNode,
  ProfileOutcome,
  RelayNodeOutcome,
  UnreachableOutcome,
  UntrustedOutcome,
} from "../lookup/outcome.js";
export { createProfileCache, type ProfileCache } from "../lookup/profileCache.js";
export type { ProfileSource } from "../lookup/profileSource.js";
export {
  type ProfileTransaction,
  profileTransaction,
  type ProfileTransactionOptions,
} from "../lookup/profileTransaction.js";
export {
  DEFAULT_TIMEOUT_MS,
  ENS_REGISTRY,
  IPFS_GATEWAYS,
  type ResolveOptions,
} from "../lookup/resolveOptions.js";
export type { Eip1193Provider } from "../lookup/rpc.js";
export type { EthersProvider, RequestingClient } from "../lookup/rpcSource.js";
export type { NameAsked } from "../messaging/nativeAddressOf.js";
export type {
  AbsentAddress,
  AbsentNative,
  AddressOutcome,
  FoundAddress,
  FoundNative,
  NativeOutcome,
} from "../messaging/nativeOutcome.js";
export type { NativeAddressAsked } from "../messaging/resolveNativeAddress.js";
export type { BatchOptions, BatchResult } from "../service-client/batch.js";
export type { Changes, ChangesOptions } from "../service-client/changes.js";
export type { CallOptions, ConnectionOptions } from "../service-client/clientOptions.js";
export { type Client, type ClientOptions, createClient } from "../service-client/createClient.js";
export {
  createWalletClient,
  type WalletClient,
  type WalletClientOptions,
} from "../service-client/createWalletClient.js";
export { type FailedAnswer, failedAnswerOf } from "../service-client/failedAnswer.js";
export type { KeyListOptions, Keys } from "../service-client/keys.js";
export type { HistoryOptions, ListOptions, Names } from "../service-client/names.js";
export {
  listNetworks,
  type NetworkListOptions,
  type OwnNetworksOptions,
} from "../service-client/networks.js";
export type { Listing, Page } from "../service-client/pages.js";
export type {
  Certificates,
  Networks,
  Profiles,
  Records,
  RelayNodes,
} from "../service-client/parts.js";
export type { RelayNodeList, RelayNodeListOptions } from "../service-client/relayNodeList.js";
export type { RequestResult, Requests } from "../service-client/requests.js";
export type { ReservationListOptions, Reservations } from "../service-client/reservations.js";
export type { ProblemListOptions, Source } from "../service-client/source.js";
export type {
  DeletionResult,
  Precondition,
  ProfileResult,
  WriteOptions,
  WriteResult,
} from "../service-client/writes.js";
export { connectWallet, type Wallet } from "../wallet/connectWallet.js";
export { type CreatedProfile, createProfile } from "../wallet/createProfile.js";
export type { ProfileWallet } from "../wallet/ownerWallet.js";
export type { NameRequestTypedData, OwnerWallet } from "../wallet/ownerWallet.js";
export { type NameWish, type SignedFor, signNameRequest } from "../wallet/signNameRequest.js";
export type { BatchItem } from "../wire/batch.js";
export type { DomainAnswer, Reservation, ReservationInput } from "../wire/domain.js";
export type { RegistryErrors } from "../wire/errorCodes.js";
export type { HistoryItem } from "../wire/history.js";
export type { KeyAnswer } from "../wire/keys.js";
export type { NameAnswer } from "../wire/nameAnswer.js";
export type { NameContent, Publication } from "../wire/nameContent.js";
export type { NetworkAnswer } from "../wire/networks.js";
export type { NextRequest } from "../wire/nextRequest.js";
export type { OwnRecords } from "../wire/ownRecords.js";
export type { ListedNode, ShownRelayNode } from "../wire/relayNodes.js";
export type { Scope } from "../wire/scopes.js";
export type { Session } from "../wire/sessions.js";
export type { SignedRequestBody } from "../wire/signedRequest.js";
export type { SourceAnswer, SourceProblemAnswer } from "../wire/source.js";
export { whyNoSignIn } from "../wire/whyNoSignIn.js";
