/** An owner's side of the service API: a wallet signs for its own names, without anybody's API key. */
import type { SignedUserProfile } from "../dm3/profile/profile.js";
import type { CertificateRecord, CertificateScheme } from "../dm3/statement/certificate.js";
import type { NetworkRecord } from "../dm3/statement/networkRecord.js";
import type { ProvenProfile } from "../dm3/statement/nodeProof.js";
import { resolvableName } from "../ens/resolvableName.js";
import { SignpostError } from "../errors.js";
import { connectWallet, type Wallet } from "../wallet/connectWallet.js";
import type { OwnerWallet } from "../wallet/ownerWallet.js";
import { type NameWish, type SignedFor, signNameRequest } from "../wallet/signNameRequest.js";
import type { HistoryItem } from "../wire/history.js";
import type { NextRequest } from "../wire/nextRequest.js";
import type { OwnRecords } from "../wire/ownRecords.js";
import type { Scope } from "../wire/scopes.js";
import type { Session } from "../wire/sessions.js";
import type { SignedRequestBody } from "../wire/signedRequest.js";
import { assertKnownOptions, type CallOptions, type ConnectionOptions } from "./clientOptions.js";
import { connect } from "./connection.js";
import type { HistoryOptions } from "./names.js";
import { type RequestResult, requestsOf } from "./requests.js";

export interface WalletClientOptions extends ConnectionOptions {
  /** A signer of ethers, an account or wallet client of viem, an EIP-1193 provider, or an `OwnerWallet`. */
  readonly wallet: Wallet;
  /** Sign for this resolver only, whatever the service names; e.g. the one that ENS has for the domain. */
  readonly signedFor?: SignedFor;
}

/**
 * Each change reads the sequence that is due, has the wallet sign once, and sends. Do one after the other for a name:
 * two at a time would sign the same sequence, and the second is refused (WRONG_SEQUENCE: do it again). Errors are those
 * of `Client`, and what the wallet throws when the person declines passes through.
 */
export interface WalletClient {
  /** What is due for a name: owner, sequence, resolvers. */
  next(name: string, options?: CallOptions): Promise<NextRequest>;
  /** Takes a free name that the domain's policy lets the wallet have. */
  claim(name: string, options?: CallOptions): Promise<RequestResult>;
  /** Publishes what `createProfile` made with this wallet; of a free name, it is a claim as well. */
  publishProfile(
    name: string,
    signedUserProfile: SignedUserProfile,
    options?: CallOptions,
  ): Promise<RequestResult>;
  deleteProfile(name: string, options?: CallOptions): Promise<RequestResult>;
  /** Replaces the kinds of records that are given. */
  setRecords(name: string, records: OwnRecords, options?: CallOptions): Promise<RequestResult>;
  /** That the wallet's name is a relay node's; the node's own proof, for this name and wallet, stands beside its fields. */
  registerRelayNode(
    name: string,
    relayNode: ProvenProfile,
    options?: CallOptions,
  ): Promise<RequestResult>;
  removeRelayNode(name: string, options?: CallOptions): Promise<RequestResult>;
  /** A messaging gateway or a bridge, signed by its relay nodes for this name and wallet. */
  registerNetwork(
    name: string,
    network: NetworkRecord,
    options?: CallOptions,
  ): Promise<RequestResult>;
  removeNetwork(name: string, options?: CallOptions): Promise<RequestResult>;
  /** Signed by the signing key of the name's profile. */
  publishCertificate(
    name: string,
    certificate: CertificateRecord,
    options?: CallOptions,
  ): Promise<RequestResult>;
  removeCertificate(
    name: string,
    scheme: CertificateScheme,
    options?: CallOptions,
  ): Promise<RequestResult>;
  /** To another wallet, `0x` hex. Nothing of the old records stays, and the old profile never comes back. */
  move(name: string, to: string, options?: CallOptions): Promise<RequestResult>;
  /** The name is free then. */
  delete(name: string, options?: CallOptions): Promise<RequestResult>;
  /** Every change of the name, the oldest first, for its owner; the wallet signs once, when the loop begins. */
  history(name: string, options?: HistoryOptions): AsyncGenerator<HistoryItem, void, undefined>;
  /** Signs in to a domain that the wallet owns: an API key with these scopes, for an hour. Each once. */
  openSession(domain: string, scopes: readonly Scope[], options?: CallOptions): Promise<Session>;
  /** Signs and does not send, for a service that passes on what its users signed. */
  sign(name: string, wish: NameWish, options?: CallOptions): Promise<SignedRequestBody>;
}

/**
 *   const mine = createWalletClient({ url: "https://signpost.example.com", wallet: window.ethereum });
 *   await mine.claim("alice.users.example.eth");
 *
 * Throws INVALID_REQUEST for options that make no sense; the wallet is asked for its address when it first signs.
 */
export function createWalletClient(options: WalletClientOptions): WalletClient {
  assertKnownOptions(options, ["url", "wallet", "signedFor", "timeoutMs"]);
  const { wallet, signedFor, ...connectionOptions } = options;
  if (typeof (wallet as unknown) !== "object" && typeof (wallet as unknown) !== "function") {
    throw new SignpostError("INVALID_REQUEST", "The option wallet is missing. Give one.");
  }
  const requests = requestsOf(connect(connectionOptions, null));
  let connecting: Promise<OwnerWallet> | undefined;
  const connected = (): Promise<OwnerWallet> =>
    (connecting ??= connectWallet(wallet).catch((error: unknown) => {
      // the person may connect it the next time
      connecting = undefined;
      throw error;
    }));

  async function sign(
    name: string,
    wish: NameWish,
    callOptions?: CallOptions,
  ): Promise<SignedRequestBody> {
    const { name: normalName } = resolvableName(name);
    const next = await requests.next(normalName, callOptions);
    return signNameRequest(await connected(), { ...next, name: normalName }, wish, signedFor);
  }
  const change = async (name: string, wish: NameWish, callOptions?: CallOptions) =>
    requests.send(await sign(name, wish, callOptions), callOptions);

  return {
    next: (name, callOptions) => requests.next(name, callOptions),
    claim: (name, callOptions) => change(name, { action: "claim" }, callOptions),
    publishProfile: (name, signedUserProfile, callOptions) =>
      change(name, { action: "publishProfile", signedUserProfile }, callOptions),
    deleteProfile: (name, callOptions) => change(name, { action: "deleteProfile" }, callOptions),
    setRecords: (name, records, callOptions) =>
      change(name, { action: "setRecords", records }, callOptions),
    registerRelayNode: (name, relayNode, callOptions) =>
      change(name, { action: "registerRelayNode", relayNode }, callOptions),
    removeRelayNode: (name, callOptions) =>
      change(name, { action: "removeRelayNode" }, callOptions),
    registerNetwork: (name, network, callOptions) =>
      change(name, { action: "registerNetwork", network }, callOptions),
    removeNetwork: (name, callOptions) => change(name, { action: "removeNetwork" }, callOptions),
    publishCertificate: (name, certificate, callOptions) =>
      change(name, { action: "publishCertificate", certificate }, callOptions),
    removeCertificate: (name, scheme, callOptions) =>
      change(name, { action: "removeCertificate", scheme }, callOptions),
    move: (name, to, callOptions) => change(name, { action: "move", to }, callOptions),
    delete: (name, callOptions) => change(name, { action: "delete" }, callOptions),
    history: async function* (name, { after, pageSize, ...callOptions } = {}) {
      const signed = await sign(name, { action: "readHistory" }, callOptions);
      yield* requests.history(signed, {
        ...callOptions,
        ...(after !== undefined && { after }),
        ...(pageSize !== undefined && { pageSize }),
      });
    },
    openSession: async (domain, scopes, callOptions) => {
      const signed = await sign(domain, { action: "openSession", scopes }, callOptions);
      return requests.openSession(signed, callOptions);
    },
    sign,
  };
}
