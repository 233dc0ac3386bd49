/** A write of a service: its actions on one name, with its key as the authority. */
import type { Outcome } from "../../registry/changes/change.js";
import { changeName } from "../../registry/changes/changeName.js";
import type { Action } from "../../registry/names/action.js";
import { nameParameter } from "./nameParameter.js";
import { expectationOf, setEtag } from "./preconditions.js";
import type { KeyedCall } from "./route.js";

/** On the name of the path, under the conditions of the headers; sets the ETag. */
export async function changeAsService(
  { registry, nowMs, key, request, response }: KeyedCall<unknown, unknown>,
  actions: readonly Action[],
): Promise<Outcome> {
  const change = {
    domain: key.domain,
    name: nameParameter(request),
    actions,
    authority: { kind: "service", keyId: key.id } as const,
    ...expectationOf(request),
  };
  const outcome = await changeName(registry, change, nowMs);
  setEtag(response, outcome.version);
  return outcome;
}
