/**
 * A writer's message (ERC-7884, ENSIP-20): from untrusted JSON to a change of the name's records, in the right of the
 * name's owner. Which account the message names as its sender does not count: the owner is who has to have signed.
 */
import { fromHex } from "../../abi/hex.js";
import type { Address } from "../../ens/address.js";
import { COIN_TYPE_ETH } from "../../ens/coinType.js";
import { normalizeName } from "../../ens/normalize.js";
import { SignpostError } from "../../errors.js";
import { operationMessageDigest } from "../../signing/operationMessage.js";
import type { SignedOperation } from "../../wire/signedOperationSchema.js";
import type { Outcome } from "../changes/change.js";
import { changeName } from "../changes/changeName.js";
import type { Clock } from "../changes/clock.js";
import { retryOnConflict } from "../changes/retryOnConflict.js";
import type { Authority } from "../names/authority.js";
import { ownerOf } from "../names/nameOwner.js";
import { ownedByService } from "../names/nameRefusals.js";
import { assertWriteCurrent } from "../names/requestTime.js";
import type { VersionedName } from "../names/storedName.js";
import { assertUsable } from "../names/usableRecords.js";
import { earlierRecordsAction } from "../names/verifiedActions.js";
import type { RegistryStores } from "../store.js";
import { changedRecords } from "./changedRecords.js";
import { askedOnlyIf, type ContractWallets } from "./contractWallets.js";
import { parseRecordWrite, type RecordChange, type RecordWrite } from "./recordWrites.js";
import { assertResolverOf } from "./resolverOfDomain.js";
import { proveSigned } from "./walletProof.js";

export interface OperationOutcome {
  readonly name: string;
  readonly outcome: Outcome;
  /** What the function returns on a chain, ABI-encoded. */
  readonly returned: Uint8Array;
}

/**
 * Carries it out. Throws what `parseRecordWrite`, `changedRecords` and `assertUsable` refuse; NOT_FOUND for a node
 * without a name, UNKNOWN_RESOLVER for a chain or resolver that does not answer for it, WRONG_SIGNER unless its owner
 * signed, UNREACHABLE when a contract wallet could not be asked, REQUEST_EXPIRED, INVALID_REQUEST for an expiry too
 * far ahead, WRONG_SEQUENCE for a message that was taken, or is older than what its owner signed since.
 */
export async function carryOut(
  registry: RegistryStores,
  operation: SignedOperation,
  contractWallets: ContractWallets,
  nowMs: Clock,
): Promise<OperationOutcome> {
  const write = parseRecordWrite(operation.message.data);
  const stored = await nameOf(registry, write);
  const { name } = stored;
  const domain = await domainHolding(registry, stored);
  await assertResolverOf(registry.domains, domain, operation.signedFor);
  const owner = ownerOf(stored);
  if (!owner) throw ownedByService(name);
  const onlyCurrent = askedOnlyIf(contractWallets, async () => {
    const { writesAfterSec } = await registry.names.signatureStateOf(write.node);
    assertWriteCurrent(operation.message, { name, writesAfterSec, nowMs: nowMs() });
  });
  const authority = await proven(operation, owner, onlyCurrent);
  for (const written of write.changes) await assertUsableChange(written);
  const outcome = await change(registry, write, { ...stored, domain }, authority, nowMs);
  return { name, outcome, returned: write.returned };
}

async function proven(
  { signedFor, message, signature }: SignedOperation,
  owner: Address,
  contractWallets: ContractWallets,
): Promise<Authority> {
  const digest = operationMessageDigest(signedFor, message);
  const { chainId } = signedFor;
  const signed = { chainId, wallet: owner, digest, signature: fromHex(signature) };
  const proof = await proveSigned(signed, contractWallets);
  return { kind: "writer", address: owner, signedFor, message, signature, ...proof };
}

/** Only of what is written: the other records of its kind stay as they are. Empty bytes take a record away. */
async function assertUsableChange(change: RecordChange): Promise<void> {
  if (change.kind === "contenthash" && change.contenthash.length > 0) await assertUsable(change);
  if (change.kind !== "address" || change.address.length === 0) return;
  const { coinType, address } = change;
  if (coinType !== COIN_TYPE_ETH) await assertUsable({ addresses: new Map([[coinType, address]]) });
}

/** A write of one record is made on all records of its kind, so it counts only if nobody wrote in between. */
async function change(
  registry: RegistryStores,
  write: RecordWrite,
  found: VersionedName,
  authority: Authority,
  nowMs: Clock,
): Promise<Outcome> {
  const { domain, name } = found;
  return retryOnConflict(async (attempt) => {
    const stored = attempt === 1 ? found : await nameOf(registry, write);
    const actions = [earlierRecordsAction(changedRecords(stored, write.changes))];
    const expected = { kind: "version", version: stored.version } as const;
    return changeName(registry, { domain, name, actions, authority, expected }, nowMs);
  });
}

/** A more specific domain may have been added since the name was written. */
async function domainHolding(
  { domains }: RegistryStores,
  { name, domain }: VersionedName,
): Promise<string> {
  return (await domains.domainHolding(normalizeName(name)))?.name ?? domain;
}

async function nameOf({ names }: RegistryStores, { node }: RecordWrite): Promise<VersionedName> {
  const stored = await names.nameOf(node);
  if (stored) return stored;
  throw new SignpostError(
    "NOT_FOUND",
    "No name here has the node of this function. Claim the name first (POST /v1/requests), or send the message to the gateway of that name.",
  );
}
