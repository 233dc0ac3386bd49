/** Why a mirror stays one. */
import { SignpostError } from "../errors.js";

export function notReady(domain: string, reason: string): SignpostError {
  return new SignpostError("MIRROR_NOT_READY", `${domain} was not promoted: ${reason}.`, {
    domain,
  });
}

export function lost(domain: string): SignpostError {
  return notReady(domain, "another process has begun to follow it. Run the command again");
}
