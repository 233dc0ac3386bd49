/** A name goes from one domain to another, because another one holds it now: the last change that the former one sees. */
import type { HandOverName } from "../history/lockedName.js";
import type { Clock } from "./clock.js";
import { decideChange } from "./decideChange.js";

/** A name goes with its domain: nothing is answered under it any more, and its history and marks stay. */
export function withdrawAsAdmin(nowMs: Clock): HandOverName {
  return (known, place) => {
    const situation = { ...place, nowMs: nowMs() };
    return decideChange(known, situation, [{ kind: "withdraw" }], { kind: "admin" }).change;
  };
}

/** In the right of the admin, who adds and removes domains. Nothing of the name changes but the domain that it says. */
export function handOverAsAdmin(nowMs: Clock): HandOverName {
  return (known, place) => {
    const situation = { ...place, nowMs: nowMs() };
    return decideChange(known, situation, [{ kind: "handOver" }], { kind: "admin" }).change;
  };
}
