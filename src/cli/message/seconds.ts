import { SignpostError } from "../../errors.js";

const MOST_SEC = 86_400;

/** Throws INVALID_REQUEST for what is no number of seconds up to a day. */
export function secondsOf(option: string, text: string): number {
  const seconds = Number(text);
  if (/^\d+$/.test(text) && seconds >= 1 && seconds <= MOST_SEC) return seconds;
  throw new SignpostError(
    "INVALID_REQUEST",
    `${option} is ${JSON.stringify(text)}. Give whole seconds from 1 to ${MOST_SEC}.`,
  );
}
