/** From a name as a service writes it to the actions that it asks for. */
import { parseAddress } from "../../ens/address.js";
import { SignpostError } from "../../errors.js";
import { assertScope } from "../../registry/access/openApiKey.js";
import type { ApiKey } from "../../registry/domains/apiKey.js";
import type { Action } from "../../registry/names/action.js";
import {
  profileAction,
  recordsAction,
  relayNodeAction,
} from "../../registry/names/verifiedActions.js";
import type { NameInput } from "../../wire/nameInput.js";

/** What is given, and an empty name where nothing is. Throws FORBIDDEN for a profile without its scope. */
export async function actionsOf(
  name: string,
  input: NameInput,
  key: ApiKey,
): Promise<readonly Action[]> {
  const { address: wallet, signedUserProfile, records, relayNode } = input;
  if ((wallet === undefined) !== (signedUserProfile === undefined)) {
    throw new SignpostError(
      "INVALID_REQUEST",
      "address and signedUserProfile come together: the wallet, and the profile that it signed.",
    );
  }
  const actions: Action[] = [];
  if (wallet !== undefined) {
    assertScope(key, "profiles:write");
    actions.push(profileAction(parseAddress(wallet), signedUserProfile));
  }
  if (records) actions.push(await recordsAction(records));
  if (relayNode !== undefined) actions.push(relayNodeAction(name, relayNode));
  return actions.length > 0 ? actions : [{ kind: "create" }];
}
