/**
 * What a process of ours can be: registry with CCIP gateway, relay node, XMPP gateway, mail bridge. Each is a value of
 * this form in a folder of its own below `capabilities/`. The service adds them up: settings, health, metrics, routes
 * and commands are sums over the list of those that it runs.
 */
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Command } from "commander";
import type { RequestHandler } from "express";
import type { ErrorCode } from "../errors.js";
import type { LookupsFirst } from "../http/fairness/lookupsFirst.js";
import type { Readiness } from "../http/readiness.js";
import type { ReportFailure } from "../http/refuse.js";
import type { Statuses } from "../http/shownError.js";
import type { TakeUpgrade } from "../http/upgrades.js";
import type { Publisher } from "../observe/publish.js";
import type { Tracing } from "../observe/tracing.js";
import type { Pause } from "../registry/changes/clock.js";
import type { SealedColumn } from "../sealing/place.js";
import type { Secrets } from "../sealing/secrets.js";
import type { InstallationConfig } from "../settings/installationSettings.js";
import type { SettingsPart } from "../settings/settingsPart.js";
import type { Hints } from "./hints.js";

export interface Capability<Config = unknown> {
  /** As in `signpost serve <name>`; names its tables as well. */
  readonly name: string;
  /** One line, for people. */
  readonly summary: string;
  readonly settings: SettingsPart<Config>;
  /** The folder of its migrations, or null where it keeps nothing in Postgres. */
  readonly migrations: URL | null;
  /**
   * The columns of its tables that hold secrets, written and read through `Parts.secrets`; `signpost secrets rotate` seals
   * them anew. Where there are any, its migrations find the table `data_key` by the name alone. A column may name another
   * capability than this one: its table then lies in a schema of that name, which this capability makes when it needs it.
   */
  readonly sealedColumns: readonly SealedColumn[];
  /** Its commands of `signpost`. */
  addCommands(program: Command): void;
  /** Exit statuses for codes that only this capability's commands use. */
  readonly exitStatuses: Readonly<Partial<Record<ErrorCode, number>>>;
  /**
   * Called once before any process serves: makes what several would otherwise make at once, such as a key, and throws
   * what is wrong. Returns what is announced of it once the service listens.
   */
  prepare(installation: InstallationConfig, config: Config): Promise<readonly AnnouncedLine[]>;
  /** Throws what keeps it from serving; then nothing of it is left running. */
  start(parts: Parts, settings: CapabilitySettings<Config>): Promise<RunningCapability>;
}

interface CapabilitySettings<Config> {
  readonly installation: InstallationConfig;
  readonly own: Config;
  /** Its part of the settings as they are now. Throws INVALID_CONFIGURATION. */
  readonly readAgain: () => Config;
}

/** What a capability gets from the service that runs it. */
export interface Parts {
  readonly version: string;
  readonly database: DatabaseParts;
  /** In its sealed columns; it calls `check` before it serves. Throws INTERNAL where it declares none. */
  readonly secrets: Secrets;
  /** RPC nodes by chain id. */
  readonly chainRpcUrls: ReadonlyMap<bigint, string>;
  readonly trustedProxies: InstallationConfig["trustedProxies"];
  /** The clock, in milliseconds of Unix time. */
  readonly nowMs: () => number;
  /** Awaited between pieces of long work, so that it holds up nobody: one for the whole process. */
  readonly pause: Pause;
  /** What `pause` lets go first. */
  readonly lookups: LookupsFirst;
  /** One for the whole process. */
  readonly hints: Hints;
  /** Gets what went wrong on our side; a client's mistakes are told to the client only. */
  readonly reportFailure: ReportFailure;
  /** Null where no traces are wanted. */
  readonly tracing: Tracing | null;
  /** Of this service: every capability that it runs. */
  readonly capabilities: readonly Pick<Capability, "name" | "summary" | "migrations">[];
}

export interface DatabaseParts {
  /** Leads to the installation's schema, where the registry's tables are. */
  readonly url: string;
  /** Hot standbys; nothing is written to them. */
  readonly standbyUrls: readonly string[];
  readonly pooler: InstallationConfig["databasePooler"];
  /**
   * Brings this capability's tables up to date and tells their schema; to be called before they are used. Throws
   * DATABASE_UNAVAILABLE, INVALID_CONFIGURATION for a database that this version cannot work with, and INTERNAL where
   * nothing keeps the data keys of a sealed column.
   */
  readonly migrate: () => Promise<{ readonly schema: string }>;
}

export interface RunningCapability {
  readonly routes: readonly CapabilityRoute[];
  /** Whether it can do its work. Takes 2 s at most (READY_TIMEOUT_MS), and never throws. */
  readonly readiness: Readiness;
  /** Publishes its numbers; called once. */
  readonly metrics: (publish: Publisher) => void;
  /** What it found when it had started: what it serves, and what keeps it from serving well. */
  readonly findings: (url: string) => Promise<Findings>;
  /**
   * On SIGHUP: reads again what can be changed without a restart. Tells the operator, and never throws. Null where
   * nothing can.
   */
  readonly reload: ((tell: Tell) => Promise<void>) | null;
  /** Finishes what is under way and lets go of its connections; called once, when no request comes any more. */
  readonly stop: () => Promise<void>;
}

/** A line for the operator; a warning where what was asked for was not done. */
export type Tell = (line: string, level?: "info" | "warn") => void;

/** In the order in which they are asked. */
export type CapabilityRoute =
  /** Takes a request before express does, for what has to be fast. Returns false, and does nothing, for all others. */
  | { readonly kind: "listener"; readonly take: Take }
  /** Takes connections that change their protocol, such as WebSockets. */
  | { readonly kind: "upgrade"; readonly take: TakeUpgrade }
  /** Below a path, in express. */
  | {
      readonly kind: "handler";
      /** Begins with a slash; no other capability has it, or one below it. */
      readonly path: string;
      readonly handler: RequestHandler;
      /** The codes that it refuses with; whatever else it throws is a defect. */
      readonly statuses: Statuses<never>;
      /** Whether its requests are counted and logged as those of an API, and not as somebody's who watches. */
      readonly isApi: boolean;
      /** Where its paths say of users what no log is to keep: it has the patterns of their routes, and nothing of other paths. */
      readonly hidesPaths?: true;
    };

type Take = (request: IncomingMessage, response: ServerResponse) => boolean;

/** For people: a label and what it is; no label where it goes on with the line before. */
export type AnnouncedLine = readonly [label: string, text: string];

export interface Findings {
  readonly lines: readonly string[];
  readonly warnings: readonly string[];
}
