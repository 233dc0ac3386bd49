/** A service's side of the service API (docs/api.md): everything under `/v1`, with the API key of a domain. */
import { SignpostError } from "../errors.js";
import type { BatchItem } from "../wire/batch.js";
import { type DomainAnswer, domainSchema } from "../wire/domain.js";
import { openObject, text } from "../wire/shape.js";
import { type BatchOptions, type BatchResult, sendBatch } from "./batch.js";
import { type Changes, changesOf } from "./changes.js";
import { assertKnownOptions, type CallOptions, type ConnectionOptions } from "./clientOptions.js";
import { connect } from "./connection.js";
import { type Keys, keysOf } from "./keys.js";
import { type Names, namesOf } from "./names.js";
import {
  type Certificates,
  type Networks,
  partsOf,
  type Profiles,
  type Records,
  type RelayNodes,
} from "./parts.js";
import { type Requests, requestsOf } from "./requests.js";
import { type Reservations, reservationsOf } from "./reservations.js";
import { type Source, sourceOf } from "./source.js";

export interface ClientOptions extends ConnectionOptions {
  /**
   * `signpost_...`, as `signpost domain add` or `signpost key add` has shown it, or of a session. A secret: in no page but
   * one that a person gave it to, or that opened the session.
   */
  readonly apiKey: string;
}

/**
 * Every call throws a SignpostError: with the code, message and details of the service where it refused, or UNREACHABLE
 * where no answer came. Then it is not known whether a change was made: read, or send it again, which is safe.
 * `failedAnswerOf` reads status, request id, and how long to wait. What does not exist is null.
 */
export interface Client {
  readonly names: Names;
  readonly profiles: Profiles;
  readonly records: Records;
  readonly relayNodes: RelayNodes;
  readonly networks: Networks;
  readonly certificates: Certificates;
  readonly reservations: Reservations;
  readonly changes: Changes;
  /** The API keys and sessions of the domain. */
  readonly keys: Keys;
  /** The service's own data behind the domain. */
  readonly source: Source;
  /** What wallets sign for themselves; to pass on what your users have signed. */
  readonly requests: Requests;
  /** 1 to 10,000 names, each once, 16 MB together; up to two minutes unless a timeout is given. */
  batch(items: readonly BatchItem[], options: BatchOptions): Promise<readonly BatchResult[]>;
  /** The domain of the key, its policy, and the resolvers that answer for it. */
  domain(options?: CallOptions): Promise<DomainAnswer>;
  /** The service's own description of its API: an OpenAPI 3.1 document. */
  openApi(options?: CallOptions): Promise<Readonly<Record<string, unknown>>>;
}

/**
 *   const signpost = createClient({ url: "https://signpost.example.com", apiKey });
 *   for await (const { name, owner } of signpost.names.list()) console.log(name, owner);
 *
 * Throws INVALID_REQUEST for options that make no sense; asks nobody yet.
 */
export function createClient(options: ClientOptions): Client {
  assertKnownOptions(options, ["url", "apiKey", "timeoutMs"]);
  const connection = connect(options, apiKeyOf(options.apiKey));
  return {
    names: namesOf(connection),
    ...partsOf(connection),
    reservations: reservationsOf(connection),
    changes: changesOf(connection),
    requests: requestsOf(connection),
    keys: keysOf(connection),
    source: sourceOf(connection),
    batch: (items, batchOptions) => sendBatch(connection, items, batchOptions),
    domain: async (callOptions) => {
      const answer = await connection.send({
        ...{ method: "GET", path: ["domain"], options: callOptions },
      });
      return answer.as(domainSchema);
    },
    openApi: async (callOptions) => {
      const answer = await connection.send({
        ...{ method: "GET", path: ["openapi.json"], options: callOptions },
      });
      return answer.as(openObject({ openapi: text }));
    },
  };
}

/** What can stand in a header; whether it opens anything, the service says. */
function apiKeyOf(given: unknown): string {
  if (typeof given === "string" && /^[\x21-\x7e]+$/.test(given)) return given;
  throw new SignpostError(
    "INVALID_REQUEST",
    "The option apiKey is missing, or no API key. Give the one that `signpost domain add` or `signpost key add` has shown, signpost_... .",
  );
}
