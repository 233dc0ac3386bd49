/** The parts of a name, each alone: the user's profile, the service's own records, a relay node. */
import type { DeliveryServiceProfile } from "../dm3/profile/profile.js";
import { resolvableName } from "../ens/resolvableName.js";
import type { Publication } from "../wire/nameContent.js";
import { outcomeSchema, profileOutcomeSchema } from "../wire/outcome.js";
import type { OwnRecords } from "../wire/ownRecords.js";
import type { Answer, Connection } from "./connection.js";
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

export interface RelayNodes {
  /** Registers a relay node under a name of the domain. */
  put(name: string, profile: DeliveryServiceProfile, options?: WriteOptions): Promise<WriteResult>;
  /** Null when the name is not a relay node's. */
  delete(name: string, options?: WriteOptions): Promise<DeletionResult | null>;
}

type PathOf = (name: string) => readonly string[];

const profilePath: PathOf = (name) => ["names", name, "profile"];
const recordsPath: PathOf = (name) => ["names", name, "records"];
const relayNodePath: PathOf = (name) => ["relay-nodes", name];

export function partsOf(connection: Connection): {
  profiles: Profiles;
  records: Records;
  relayNodes: RelayNodes;
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
      put: async (name, profile, options) =>
        written(await put(relayNodePath, name, profile, options), outcomeSchema),
      delete: (name, options) => remove(relayNodePath, name, options),
    },
  };
}
