/** dm3's web client makes the address of its live connection by replacing the first "/ds" of the URL by nothing. */
export function liveUrlOf(base: string): string {
  return base.replace("/ds", "");
}
