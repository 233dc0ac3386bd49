import type { FetchAnswer } from "./fetcher.js";

const SECONDS = /^[0-9]{1,9}$/;

/**
 * How long a server asks to be left alone (`Retry-After`, RFC 9110, section 10.2.3), in milliseconds. Zero where it does not say so,
 * or says it by a date, which would be one of its own clock.
 */
export function retryAfterMs({ header }: Pick<FetchAnswer, "header">): number {
  const text = header?.("retry-after") ?? "";
  return SECONDS.test(text) ? Number(text) * 1000 : 0;
}
