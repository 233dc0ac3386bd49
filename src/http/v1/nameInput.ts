/** A name as a service writes it: any of its parts at once. */
import { z } from "zod";
import { parseAddress } from "../../ens/address.js";
import { SignpostError } from "../../errors.js";
import { type ApiKey, assertScope } from "../../registry/apiKeys.js";
import type { Operation } from "../../registry/operation.js";
import {
  profileOperation,
  recordsOperation,
  relayNodeOperation,
} from "../../registry/operations.js";
import { ownRecordsSchema } from "../../registry/ownRecordsSchema.js";

export const address = z.string().max(42);

/** Its own form is checked, and explained, by the registry. */
export const foreignJson = (what: string) =>
  z.custom<unknown>((given) => given !== undefined, `is missing: give ${what}`);

export const nameInputShape = {
  /** With signedUserProfile: the wallet that signed it. */
  address: address.optional(),
  signedUserProfile: z.unknown().optional(),
  records: ownRecordsSchema.optional(),
  relayNode: z.unknown().optional(),
};

export const nameInputSchema = z.strictObject(nameInputShape);

export type NameInput = z.infer<typeof nameInputSchema>;

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
