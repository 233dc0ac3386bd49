/** What came of an import, by the kinds of lines: counts of all, and the first of those that a person has to look at. */

export const OUTCOMES = ["imported", "unchanged", "kept", "conflict", "refused"] as const;
type Outcome = (typeof OUTCOMES)[number];

/** One that was not simply taken. */
interface Remark {
  readonly kind: string;
  readonly name: string;
  readonly outcome: Outcome;
  readonly reason: string;
}

/** So many are told; the counts are of all. */
export const MOST_REMARKS = 1_000;

export interface Outcomes {
  /** By kind, then by outcome. */
  readonly counts: Readonly<Record<string, Partial<Record<Outcome, number>>>>;
  readonly remarks: readonly Remark[];
  /** Lines that were read, by kind. */
  readonly lines: Readonly<Record<string, number>>;
  /** Entries that a contract wallet signed and whose chain was not asked. */
  readonly contractProofsNotAsked: number;
}

export interface OutcomeNotes {
  note(kind: string, outcome: Outcome, count?: number): void;
  remark(remark: Remark): void;
  read(kind: string, lines?: number): void;
  notAsked(proofs: number): void;
  outcomes(): Outcomes;
}

/** @param before of an import that was cut off */
export function outcomeNotes(before?: Outcomes): OutcomeNotes {
  const counts: Record<string, Partial<Record<Outcome, number>>> = copyOf(before?.counts);
  const lines: Record<string, number> = { ...before?.lines };
  const remarks: Remark[] = [...(before?.remarks ?? [])];
  let contractProofsNotAsked = before?.contractProofsNotAsked ?? 0;
  return {
    note: (kind, outcome, count = 1) => {
      if (count === 0) return;
      const ofKind = (counts[kind] ??= {});
      ofKind[outcome] = (ofKind[outcome] ?? 0) + count;
    },
    remark: (remark) => {
      if (remarks.length < MOST_REMARKS) remarks.push(remark);
    },
    read: (kind, count = 1) => {
      lines[kind] = (lines[kind] ?? 0) + count;
    },
    notAsked: (proofs) => {
      contractProofsNotAsked += proofs;
    },
    outcomes: () => ({
      counts: copyOf(counts),
      lines: { ...lines },
      remarks: [...remarks],
      contractProofsNotAsked,
    }),
  };
}

function copyOf(counts: Outcomes["counts"] = {}): Record<string, Partial<Record<Outcome, number>>> {
  return Object.fromEntries(Object.entries(counts).map(([kind, of]) => [kind, { ...of }]));
}
