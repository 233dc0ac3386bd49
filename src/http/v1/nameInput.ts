/** From a name as a service writes it to the operations that it asks for. */
import { parseAddress } from "../../ens/address.js";
import { SignpostError } from "../../errors.js";
import { assertScope } from "../../registry/access/openApiKey.js";
import type { ApiKey } from "../../registry/domains/apiKey.js";
import type { Operation } from "../../registry/names/operation.js";
import {
  profileOperation,
  recordsOperation,
  relayNodeOperation,
} from "../../registry/names/operations.js";
import type { NameInput } from "../../wire/nameInput.js";

/** What is given, and an empty name where nothing is. Throws FORBIDDEN for a profile without its scope. */
export function operationsOf(input: NameInput, key: ApiKey): readonly Operation[] {
  const { address: wallet, signedUserProfile, records, relayNode } = input;
  if ((wallet === undefined) !== (signedUserProfile === undefined)) {
    throw new SignpostError(
      "INVALID_REQUEST",
      "address and signedUserProfile come together: the wallet, and the profile that it signed.",
    );
  }
  const operations: Operation[] = [];
  if (wallet !== undefined) {
    assertScope(key, "profiles:write");
    operations.push(profileOperation(parseAddress(wallet), signedUserProfile));
  }
  if (records) operations.push(recordsOperation(records));
  if (relayNode !== undefined) operations.push(relayNodeOperation(relayNode));
  return operations.length > 0 ? operations : [{ kind: "create" }];
}
