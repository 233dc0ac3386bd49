/** What a primary says that no mirror can go on with. */
import { SignpostError } from "../errors.js";

/** UNREACHABLE: tried again later, as whatever else keeps a primary from being followed. */
export function notFollowed(reason: string): SignpostError {
  return new SignpostError("UNREACHABLE", `The primary cannot be followed: ${reason}.`, { reason });
}
