/** The value of an option `--minutes`: up to a day, fractions allowed. */
export function parseMinutes(text: string): number | null {
  const minutes = /^[0-9]+(?:\.[0-9]+)?$/.test(text) ? Number(text) : 0;
  return minutes > 0 && minutes <= 1440 ? minutes : null;
}
