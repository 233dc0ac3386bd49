/** A route of the service API as a value: what is mounted, and what the OpenAPI document says, is the same table. */
import type { Request, Response } from "express";
import type { z } from "zod";
import type { DomainStandings } from "../../mirror/domainStanding.js";
import type { NodeList } from "../../nodes/nodeStore.js";
import type { Limits } from "../../registry/access/limits.js";
import type { Clock } from "../../registry/changes/clock.js";
import type { ApiKey, Scope } from "../../registry/domains/apiKey.js";
import type { ChangeFeed } from "../../registry/feed/changeFeed.js";
import type { ContractWallets } from "../../registry/signed/contractWallets.js";
import type { SourceReader } from "../../registry/sources/sourceStore.js";
import type { KeyStore, RegistryStores } from "../../registry/store.js";
import type { ExportReader } from "../../transfer/exportPort.js";
import type { ServiceCode } from "../../wire/refusal.js";
import type { Shape } from "../../wire/shape.js";
import type { ApiShares } from "../fairness/apiShares.js";
import type { Tenant } from "../fairness/shares.js";
import type { Strangers } from "../fairness/strangers.js";

export interface ApiParts {
  readonly registry: RegistryStores;
  readonly keys: KeyStore;
  /** Relay nodes, for everybody. */
  readonly nodes: NodeList;
  readonly feed: ChangeFeed;
  /** Domains as their exports have them. */
  readonly exports: ExportReader;
  readonly standings: DomainStandings;
  /** Services' own data, without their secrets. */
  readonly sources: SourceReader;
  readonly contractWallets: ContractWallets;
  readonly nowMs: Clock;
  readonly strangers: Strangers;
  readonly limits: Limits;
  readonly shares: ApiShares;
}

/** One request, checked: the key has the scope, and body and query have the form of their schemas. */
interface Call<Body, Query> extends ApiParts {
  readonly request: Request;
  readonly response: Response;
  readonly body: Body;
  readonly query: Query;
  /** On whose account it is done. */
  readonly tenant: Tenant;
}

export interface KeyedCall<Body, Query> extends Call<Body, Query> {
  readonly key: ApiKey;
  /** Counts that many changes more than the one of the request; throws LIMIT_EXCEEDED. */
  readonly countChanges: (count: number) => Promise<void>;
}

interface Description<Body, Query> {
  readonly method: "get" | "put" | "post" | "delete";
  /** As express writes it, below /v1. */
  readonly path: string;
  readonly summary: string;
  /** Whether If-Match and If-None-Match bind it to what its sender believes of the name. */
  readonly isConditional?: true;
  /** Whether its answer says the version of the name in ETag, as those of conditional routes do. */
  readonly answersETag?: true;
  readonly body?: {
    readonly schema: z.ZodType<Body>;
    /** For the document, where the schema leaves parts to later checks. */
    readonly documented?: z.ZodType;
    readonly mostBytes: number;
  };
  readonly query?: z.ZodType<Query>;
  /** It is counted as a question, although it is no GET. */
  readonly isRead?: true;
  /** Whether its answer may be a megabyte long (`sendPage`): then others have to be able to have theirs beside it. */
  readonly sendsPage?: true;
  /** By status; null where there is no body. */
  readonly answers: Readonly<Record<number, Shape<unknown> | null>>;
  /** The codes that `run` refuses with; `refusalsOf` adds those of API key, limits and input. */
  readonly refusals: readonly ServiceCode[];
}

export interface KeyedRoute<Body, Query> extends Description<Body, Query> {
  /** That the key has to have; "any": each key will do. */
  readonly scope: Scope | "any";
  /** Awaited before it has its turn, for what may take long; it takes a place for whatever it asks. */
  readonly waits?: (call: KeyedCall<Body, Query>) => Promise<void>;
  readonly run: (call: KeyedCall<Body, Query>) => Promise<void>;
}

/** A route without an API key: what comes is signed by a wallet, or anybody may know it. */
export interface OpenRoute<Body, Query> extends Description<Body, Query> {
  readonly scope: null;
  /** Whoever wants to write asks this first, so it counts as writing. */
  readonly isOfWriting?: true;
  readonly run: (call: Call<Body, Query>) => Promise<void>;
}

/** Of any body and query: the table mixes them, and the mounting passes on only what the schemas returned. */
export type Route = KeyedRoute<unknown, unknown> | OpenRoute<unknown, unknown>;

export function keyed<Body = undefined, Query = undefined>(route: KeyedRoute<Body, Query>): Route {
  return route as unknown as Route;
}

export function open<Body = undefined, Query = undefined>(route: OpenRoute<Body, Query>): Route {
  return route as unknown as Route;
}
