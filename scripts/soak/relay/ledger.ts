/** Which messages were accepted, refused and delivered: sets of ids, and where they differ. */

export interface Ledger {
  /** Where the relay node kept it. */
  accepted(id: string): void;
  refused(id: string, reason: string): void;
  /** The receiver's app was given it. */
  delivered(id: string): void;
  /** How many are accepted or refused. */
  decided(): number;
  /** What was accepted and not delivered. */
  missing(): readonly string[];
  differences(): Differences;
}

export interface Differences {
  readonly accepted: number;
  readonly delivered: number;
  /** By reason. */
  readonly refused: Readonly<Record<string, number>>;
  /** Accepted, and never delivered. */
  readonly missing: readonly string[];
  /** Delivered more than once. */
  readonly doubled: readonly string[];
  /** Delivered, although nobody was told that it was accepted. */
  readonly unasked: readonly string[];
  /** Accepted as well as refused. */
  readonly contradicted: readonly string[];
}

export function ledger(): Ledger {
  const accepted = new Set<string>();
  const refused = new Map<string, string>();
  const delivered = new Map<string, number>();
  const missing = () => [...accepted].filter((id) => !delivered.has(id));
  return {
    accepted: (id) => accepted.add(id),
    refused: (id, reason) => refused.set(id, reason),
    delivered: (id) => delivered.set(id, (delivered.get(id) ?? 0) + 1),
    decided: () => accepted.size + refused.size,
    missing,
    differences: () => ({
      accepted: accepted.size,
      delivered: delivered.size,
      refused: countsOf(refused.values()),
      missing: missing(),
      doubled: [...delivered].filter(([, times]) => times > 1).map(([id]) => id),
      unasked: [...delivered.keys()].filter((id) => !accepted.has(id)),
      contradicted: [...refused.keys()].filter((id) => accepted.has(id)),
    }),
  };
}

export function agree({ missing, doubled, unasked, contradicted }: Differences): boolean {
  return [missing, doubled, unasked, contradicted].every(({ length }) => length === 0);
}

function countsOf(values: Iterable<string>): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const value of values) counts[value] = (counts[value] ?? 0) + 1;
  return counts;
}
