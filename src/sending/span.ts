/** A time that begins and ends, by a clock that may be set back meanwhile: then its age is not known, and it is over. */
export interface Span {
  readonly sinceMs: number;
  readonly lengthMs: number;
}

/** Milliseconds until it is over; 0 where it is. */
export function leftMs({ sinceMs, lengthMs }: Span, nowMs: number): number {
  const ageMs = nowMs - sinceMs;
  return ageMs >= 0 && ageMs < lengthMs ? lengthMs - ageMs : 0;
}
