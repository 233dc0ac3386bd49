/**
 * What ENS does with the domains that are served, on the chains that have RPC nodes: when their registrations end, and
 * which published names are hidden by registry entries of their own. Beside lookups and writes, which wait for none of it.
 */
import { hiddenNamesText } from "../chain/hiddenNames.js";
import { isSignpostError, SignpostError } from "../errors.js";
import type { ReadinessReport } from "../http/readiness.js";
import type { DomainHealth } from "../observe/domainMetrics.js";
import type { AliasDomain } from "../registry/domains/aliasDomain.js";
import type { ServedResolver } from "../registry/domains/domain.js";
import type { NameStore, RecordSource } from "../registry/store.js";
import { DomainExpiries } from "./domainExpiries.js";
import { HiddenNamesSweep } from "./hiddenNamesSweep.js";
import { startRounds } from "./rounds.js";
import { type EnsOn, ensOn, watchedDomains } from "./watchedDomain.js";

const ROUND_MS = 60_000;

export interface DomainWatchParts {
  readonly records: Pick<RecordSource, "serving">;
  readonly names: Pick<NameStore, "namesOfDomain">;
  readonly rpcUrls: ReadonlyMap<bigint, string>;
  /** Gets defects. */
  readonly reportFailure: (error: SignpostError) => void;
  /** Where ENS is, for chains of one's own. */
  readonly ensOn?: EnsOn;
  /** Between two rounds; for tests that do not wait so long. */
  readonly roundMs?: number;
}

export interface DomainWatch {
  /** For metrics. */
  readonly state: () => DomainHealth;
  /** Warnings only. */
  readonly report: () => ReadinessReport;
  /** Lets a name that was written have its turn soon. */
  readonly noteWritten: (name: string) => void;
  /** Settled when the first round is done. */
  readonly firstRound: Promise<void>;
  readonly stop: () => void;
}

export function startDomainWatch(parts: DomainWatchParts): DomainWatch {
  const { records, names, rpcUrls, reportFailure, roundMs = ROUND_MS } = parts;
  const expiries = new DomainExpiries();
  const sweep = new HiddenNamesSweep(names);

  async function round(): Promise<void> {
    if (rpcUrls.size === 0) return;
    try {
      const { resolvers, aliases } = await records.serving();
      const watched = (served: readonly ServedResolver[]) =>
        watchedDomains(served, rpcUrls, parts.ensOn ?? ensOn);
      // an alias is registered as well, and has no names of its own
      await expiries.round(watched(withAliases(resolvers, aliases)), performance.now());
      await sweep.round(watched(resolvers));
    } catch (error) {
      // that the database does not answer is for the readiness to say
      if (!isSignpostError(error, "DATABASE_UNAVAILABLE")) reportFailure(faultOf(error));
    }
  }

  const rounds = startRounds(round, () => roundMs);
  return {
    state: () => ({
      expiries: expiries.known.map(({ domain, chainId, expirySec, isKnown }) => ({
        domain,
        chainId: chainId.toString(),
        expirySec: expirySec === null ? null : Number(expirySec),
        isKnown,
      })),
      hiddenNames: sweep.found.map(({ domain, chainId, hidden }) => ({
        domain,
        chainId: chainId.toString(),
        count: hidden.length,
      })),
    }),
    report: () => ({
      reasons: [],
      warnings: sweep.found
        .filter(({ hidden }) => hidden.length > 0)
        .map(
          ({ domain, hidden }) =>
            `Of the names that are published below ${domain}, ${hidden.length} are hidden by registry entries with other resolvers: ${hiddenNamesText(hidden)}. Clients ask those. Let their owners take the resolver out of the entry, or delete the names here.`,
        ),
    }),
    noteWritten: (name) => {
      sweep.noteWritten(name);
    },
    firstRound: rounds.first,
    stop: () => {
      void rounds.stop();
    },
  };
}

function withAliases(
  resolvers: readonly ServedResolver[],
  aliases: readonly AliasDomain[],
): readonly ServedResolver[] {
  const ofAliases = aliases.flatMap(({ alias, domain }) =>
    resolvers.filter((one) => one.domain === domain).map((one) => ({ ...one, domain: alias })),
  );
  return [...resolvers, ...ofAliases];
}

function faultOf(cause: unknown): SignpostError {
  if (isSignpostError(cause)) return cause;
  const sentence = "How ENS stands to the domains could not be found out; this is a defect.";
  return new SignpostError("INTERNAL", sentence, {}, { cause });
}
