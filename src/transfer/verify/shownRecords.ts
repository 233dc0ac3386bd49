/**
 * Whether a state may be answered with: the form that we write, records that clients can use, and all that wallets and DM3
 * keys signed verified again. A history does not prove that: it tells what its service did.
 */
import { sameBytes } from "../../abi/bytes.js";
import { parseBoundedJson } from "../../dm3/profile/boundedJson.js";
import { parseRecord } from "../../dm3/profile/parseRecord.js";
import { DM3_DELIVERY_SERVICE_KEY, DM3_PROFILE_KEY } from "../../dm3/profile/profileRecord.js";
import { schemeOfKey } from "../../dm3/statement/certificate.js";
import { NETWORK_KEY } from "../../dm3/statement/networkRecord.js";
import { NODE_PROOF_KEY } from "../../dm3/statement/nodeProof.js";
import { stringify } from "../../dm3/stringify.js";
import { addressFrom } from "../../ens/address.js";
import { COIN_TYPE_ETH } from "../../ens/coinType.js";
import { SignpostError } from "../../errors.js";
import type { Action } from "../../registry/names/action.js";
import { effectOf } from "../../registry/names/applyAction.js";
import { type NameState, nameState, storedOf } from "../../registry/names/nameState.js";
import { DM3_KEYS, parseOwnRecords } from "../../registry/names/ownRecords.js";
import type { StoredName } from "../../registry/names/storedName.js";
import { assertUsable } from "../../registry/names/usableRecords.js";
import {
  certificateAction,
  networkAction,
  profileAction,
  relayNodeAction,
} from "../../registry/names/verifiedActions.js";
import { ownRecordsSchema } from "../../wire/ownRecordsSchema.js";
import { parseInput } from "../../wire/parseInput.js";
import { assertStateForm } from "./stateForm.js";

/**
 * @param text its canonical JSON
 * @param isFormKnown whether `assertStateForm` was asked already
 * @throws what refuses the state: INVALID_REQUEST, INVALID_PROFILE, INVALID_NAME, WRONG_SIGNER, NAME_TAKEN
 */
export async function assertShown(
  state: NameState,
  text: string,
  isFormKnown: boolean,
): Promise<StoredName> {
  if (!isFormKnown) assertStateForm(state);
  const stored = storedOf(state);
  await assertOwnRecords(state);
  const signed = Object.keys(state.texts).filter((key) => key.startsWith(DM3_KEYS));
  if (signed.length === 0 && state.profileFingerprint === null) return stored;
  const isSigned =
    signed.length === 1 && signed[0] === DM3_PROFILE_KEY
      ? isItsProfile(stored)
      : stringify(nameState(publishedAgain(stored))) === text;
  if (isSigned) return stored;
  throw refused("Its DM3 records are not what wallets and keys signed.");
}

async function assertOwnRecords(state: NameState): Promise<void> {
  const { contenthash, nameRecord: name, pubkey, abis, data, interfaces } = state;
  const given = {
    ...{ contenthash, name, pubkey, abis, data, interfaces },
    addresses: without(state.addresses, (key) => key === COIN_TYPE_ETH.toString()),
    texts: without(state.texts, (key) => key.startsWith(DM3_KEYS)),
  };
  const own = without(given, (_, value) => isNone(value));
  if (Object.keys(own).length === 0) return;
  await assertUsable(parseOwnRecords(parseInput(ownRecordsSchema, "Its state", own)));
}

/** Where a profile is all that was signed: it is the wallet's, and in the form that we write. */
function isItsProfile({ texts, addresses, profileFingerprint }: StoredName): boolean {
  const record = texts.get(DM3_PROFILE_KEY) ?? "";
  const published = publishAgain(record, addresses);
  return (
    published.record === record &&
    profileFingerprint !== null &&
    sameBytes(published.fingerprint, profileFingerprint)
  );
}

/** Throws what refuses the profile. */
function publishAgain(record: string, addresses: StoredName["addresses"]) {
  const owner = addressFrom(addresses.get(COIN_TYPE_ETH) ?? new Uint8Array(0));
  return profileAction(owner, jsonOfRecord(record));
}

/** The name without what was signed, and then with each of it published again. */
function publishedAgain(stored: StoredName): StoredName {
  const bare: StoredName = {
    ...stored,
    texts: new Map([...stored.texts].filter(([key]) => !key.startsWith(DM3_KEYS))),
    profileFingerprint: null,
  };
  const { node, name } = stored;
  const domain = { name: stored.domain };
  return signedActions(stored).reduce<StoredName>((current, action) => {
    const situation = { node, name, domain, current, isRetired: false, nowMs: 0 };
    return effectOf(situation, action, "service") ?? current;
  }, bare);
}

/** In the order in which each rests on those before it: an address and a profile first. */
function signedActions({ name, texts, addresses }: StoredName): readonly Action[] {
  const actions: Action[] = [];
  const profile = texts.get(DM3_PROFILE_KEY);
  if (profile !== undefined) actions.push(publishAgain(profile, addresses));
  const relayNode = texts.get(DM3_DELIVERY_SERVICE_KEY);
  if (relayNode !== undefined) {
    const proof = texts.get(NODE_PROOF_KEY);
    const json = jsonOfRecord(relayNode) as object;
    const given = proof === undefined ? json : { ...json, proof: jsonOfText(proof) };
    actions.push(relayNodeAction(name, given));
  }
  const network = texts.get(NETWORK_KEY);
  if (network !== undefined) actions.push(networkAction(name, jsonOfText(network)));
  for (const [key, text] of texts) {
    if (schemeOfKey(key) !== null) actions.push(certificateAction(name, jsonOfText(text)));
  }
  return actions;
}

function jsonOfRecord(text: string): unknown {
  const record = parseRecord(text);
  if (record.kind === "data") return record.json;
  throw refused("A DM3 record is a link, where the registry keeps the record itself.");
}

const jsonOfText = (text: string) => parseBoundedJson(new TextEncoder().encode(text));

/** What asks for no check: most names have one or two kinds of records. */
function isNone(value: unknown): boolean {
  return value === null || (typeof value === "object" && Object.keys(value).length === 0);
}

function without<Value>(
  map: Readonly<Record<string, Value>>,
  isLeftOut: (key: string, value: Value) => boolean,
): Record<string, Value> {
  return Object.fromEntries(Object.entries(map).filter(([key, value]) => !isLeftOut(key, value)));
}

function refused(sentence: string): SignpostError {
  return new SignpostError("INVALID_REQUEST", sentence);
}
