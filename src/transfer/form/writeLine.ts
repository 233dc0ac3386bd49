/** The other direction: what a domain has, as the lines of its export. */
import type { Digest } from "../../abi/digest.js";
import { toHex } from "../../abi/hex.js";
import { stringify } from "../../dm3/stringify.js";
import type { Domain, ServedResolver } from "../../registry/domains/domain.js";
import type { Reservation } from "../../registry/domains/reservation.js";
import type { SealedEntry } from "../../registry/history/historyEntry.js";
import type { NameState } from "../../registry/names/nameState.js";
import type { SignatureState } from "../../registry/names/signatureState.js";
import type { ServedProfile } from "../../registry/names/standing.js";
import { EXPORT_FORM, type ExportLine, type HeaderLine, type NameLine } from "./exportLine.js";

/** What a domain has beside its names. */
export interface DomainFacts {
  readonly domain: Domain;
  /** In the order of their bytes, as all lists here. */
  readonly aliases: readonly string[];
  readonly resolvers: readonly ServedResolver[];
  readonly reservations: readonly Reservation[];
  readonly source: { readonly settings: Record<string, unknown>; readonly freshMs: number } | null;
}

/** What is kept under a node, whether the name is there or gone. */
export interface NameFacts {
  readonly name: string;
  readonly end: { readonly number: number; readonly hash: Digest } | null;
  readonly signatureState: SignatureState;
  readonly retired: readonly Digest[];
  readonly served: ServedProfile | null;
  readonly servedBefore: readonly Digest[];
  readonly state: NameState | null;
}

export const textOf = (line: ExportLine | HeaderLine): string => stringify(line);

export function headerOf(domain: string): HeaderLine {
  return { kind: "signpost-export", form: EXPORT_FORM, domain };
}

export function linesOfDomain({ domain, ...facts }: DomainFacts): readonly ExportLine[] {
  const { aliases, resolvers, reservations, source } = facts;
  const { claims, addressNames, aliases: mayHaveSeveral, reservedLabels } = domain.policy;
  return [
    {
      kind: "domain",
      name: domain.name,
      owner: domain.owner && toHex(domain.owner),
      policy: {
        claims,
        addressNames,
        aliases: mayHaveSeveral,
        reservedLabels: [...reservedLabels],
      },
    },
    ...aliases.map((alias) => ({ kind: "alias", alias }) as const),
    ...resolvers.map(({ chainId, resolver }) => {
      return { kind: "resolver", chainId: chainId.toString(), address: toHex(resolver) } as const;
    }),
    ...reservations.map(({ name, wallet, untilMs }) => {
      return { kind: "reservation", name, wallet: wallet && toHex(wallet), untilMs } as const;
    }),
    ...(source === null ? [] : [{ kind: "source", ...source } as const]),
  ];
}

export function lineOfName({ name, end, signatureState, ...facts }: NameFacts): NameLine {
  const { retired, served, servedBefore, state } = facts;
  const { ownerChain, givenUpBy, ...marks } = signatureState;
  return {
    kind: "name",
    name,
    end: end && { number: end.number, hash: toHex(end.hash) },
    marks: {
      ...marks,
      ownerChain: ownerChain === null ? null : ownerChain.toString(),
      givenUpBy: [...givenUpBy],
    },
    retired: inOrder(retired),
    served: served && {
      rowDigest: toHex(served.digest),
      profileFingerprint: toHex(served.fingerprint),
    },
    servedBefore: inOrder(servedBefore),
    state,
  };
}

export function lineOfEntry({ entry, hash }: SealedEntry): ExportLine {
  return { kind: "entry", entry, hash: toHex(hash) };
}

function inOrder(digests: readonly Digest[]) {
  return digests.map(toHex).sort();
}
