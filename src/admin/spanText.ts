/** How long something is ago, or takes, for a person to read: in the unit that has two digits or few more. */
export function spanText(ms: number): string {
  const [second, minute, hour, day] = [1_000, 60_000, 3_600_000, 86_400_000] as const;
  if (ms < 2 * minute) return `${Math.max(1, Math.round(ms / second))} s`;
  if (ms < 2 * hour) return `${Math.round(ms / minute)} min`;
  return ms < 2 * day ? `${Math.round(ms / hour)} h` : `${Math.round(ms / day)} days`;
}
