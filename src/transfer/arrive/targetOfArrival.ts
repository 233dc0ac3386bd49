/** What has to be known of a name before `decideArrival` is asked. */
import type { NameTarget } from "../../registry/history/lockedName.js";
import { sharedDm3Form } from "../../registry/names/dm3Form.js";
import type { NameArrival } from "../verify/nameArrival.js";

export function targetOfArrival({ node, name, state }: NameArrival, domain: string): NameTarget {
  const sharedForm = sharedDm3Form(name);
  const fingerprint = state?.profileFingerprint ?? null;
  return {
    ...{ node, place: { name, domain } },
    ...(sharedForm !== null && { sharedForm }),
    ...(fingerprint !== null && { fingerprint }),
  };
}
