/** The parts of a name, each alone: profile, own records, and what DM3 keys signed. */
import type { CertificateRecord, CertificateScheme } from "../dm3/statement/certificate.js";
import type { NetworkRecord } from "../dm3/statement/networkRecord.js";
import type { ProvenProfile } from "../dm3/statement/nodeProof.js";
import { resolvableName } from "../ens/resolvableName.js";
import type { Publication } from "../wire/nameContent.js";
import type { NetworkAnswer } from "../wire/networks.js";
import { outcomeSchema, profileOutcomeSchema } from "../wire/outcome.js";
import type { OwnRecords } from "../wire/ownRecords.js";
import type { ListedNode } from "../wire/relayNodes.js";
import type { Answer, Connection } from "./connection.js";
import {
  type NetworkListOptions,
  networksAt,
  ownNetworksAt,
  type OwnNetworksOptions,
} from "./networks.js";
import type { Listing } from "./pages.js";
import {
  ownRelayNodesAt,
  type RelayNodeList,
  relayNodeListOf,
  type RelayNodeListOptions,
} from "./relayNodeList.js";
import {
  deleted,
  type DeletionResult,
  preconditionHeaders,
  type ProfileResult,
  type WriteOptions,
  type WriteResult,
  written,
} from "./writes.js";

export interface Profiles {
  /** What a user signed, with the wallet that signed it: what `createProfile` returns will do. */
  put(name: string, published: Publication, options?: WriteOptions): Promise<ProfileResult>;
  /** The name stays bound to its wallet. Null when there is no profile, or no such name. */
  delete(name: string, options?: WriteOptions): Promise<DeletionResult | null>;
}

export interface Records {
  /** Replaces the kinds of records that are given; makes the name where there is none. */
  put(name: string, records: OwnRecords, options?: WriteOptions): Promise<WriteResult>;
}

export interface RelayNodes extends RelayNodeList {
  /** All that are registered under the domain of the key, whether they are proven, and listed, or not. */
  own(options?: RelayNodeListOptions): Listing<ListedNode, string>;
  /** Registers a relay node under a name of the domain. */
  put(name: string, relayNode: ProvenProfile, options?: WriteOptions): Promise<WriteResult>;
  /** Null when the name is not a relay node's. */
  delete(name: string, options?: WriteOptions): Promise<DeletionResult | null>;
}

export interface Networks {
  /** Those of all domains of the service, in the order of their names; pages are read as the loop goes on. */
  list(options?: NetworkListOptions): Listing<NetworkAnswer, string>;
  /** Those that are registered under the domain of the key. */
  own(options?: OwnNetworksOptions): Listing<NetworkAnswer, string>;
  /** Registers a messaging gateway or a bridge under a name of the domain, signed by its relay nodes. */
  put(name: string, network: NetworkRecord, options?: WriteOptions): Promise<WriteResult>;
  /** Null when the name is not one's. */
  delete(name: string, options?: WriteOptions): Promise<DeletionResult | null>;
}

export interface Certificates {
  /** A user's certificate for another network, signed by the signing key of the published profile. */
  put(name: string, certificate: CertificateRecord, options?: WriteOptions): Promise<WriteResult>;
  /** Null when there is none. */
  delete(
    name: string,
    scheme: CertificateScheme,
    options?: WriteOptions,
  ): Promise<DeletionResult | null>;
}

type PathOf = (name: string) => readonly string[];

const profilePath: PathOf = (name) => ["names", name, "profile"];
const recordsPath: PathOf = (name) => ["names", name, "records"];
const relayNodePath: PathOf = (name) => ["relay-nodes", name];
const networkPath: PathOf = (name) => ["networks", name];
const certificatesPath: PathOf = (name) => ["names", name, "certificates"];

export function partsOf(connection: Connection): {
  profiles: Profiles;
  records: Records;
  relayNodes: RelayNodes;
  networks: Networks;
  certificates: Certificates;
} {
  const put = (
    pathOf: PathOf,
    name: string,
    body: unknown,
    options: WriteOptions = {},
  ): Promise<Answer> => {
    const headers = preconditionHeaders(options.onlyIf);
    const path = pathOf(resolvableName(name).name);
    return connection.send({ method: "PUT", path, headers, body, options });
  };
  const remove = async (pathOf: PathOf, given: string, options: WriteOptions = {}) => {
    const { name } = resolvableName(given);
    const headers = preconditionHeaders(options.onlyIf);
    const request = { method: "DELETE", path: pathOf(name), headers, options } as const;
    return deleted(name, await connection.sendAbout(name, request));
  };
  return {
    profiles: {
      // no more than that: `createProfile` returns secret keys as well
      put: async (name, { address, signedUserProfile }, options) =>
        written(
          await put(profilePath, name, { address, signedUserProfile }, options),
          profileOutcomeSchema,
        ),
      delete: (name, options) => remove(profilePath, name, options),
    },
    records: {
      put: async (name, records, options) =>
        written(await put(recordsPath, name, records, options), outcomeSchema),
    },
    relayNodes: {
      ...relayNodeListOf(connection),
      own: (options) => ownRelayNodesAt(connection, options),
      put: async (name, relayNode, options) =>
        written(await put(relayNodePath, name, relayNode, options), outcomeSchema),
      delete: (name, options) => remove(relayNodePath, name, options),
    },
    networks: {
      list: (options) => networksAt(connection, options),
      own: (options) => ownNetworksAt(connection, options),
      put: async (name, network, options) =>
        written(await put(networkPath, name, network, options), outcomeSchema),
      delete: (name, options) => remove(networkPath, name, options),
    },
    certificates: {
      put: async (name, certificate, options) =>
        written(await put(certificatesPath, name, certificate, options), outcomeSchema),
      delete: (name, scheme, options) =>
        remove((one) => [...certificatesPath(one), scheme], name, options),
    },
  };
}
