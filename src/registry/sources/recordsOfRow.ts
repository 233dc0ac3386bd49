/** A row of a service's own data as the records of a name: verified like anything that is published. */
import { sameBytes } from "../../abi/bytes.js";
import type { Digest } from "../../abi/digest.js";
import { fromHex } from "../../abi/hex.js";
import { parseBoundedJson } from "../../dm3/profile/boundedJson.js";
import { parseRecord } from "../../dm3/profile/parseRecord.js";
import { DM3_PROFILE_KEY, encodeDataUri } from "../../dm3/profile/profileRecord.js";
import { type Address, addressFrom, checksumAddress, parseAddress } from "../../ens/address.js";
import { COIN_TYPE_ETH } from "../../ens/coinType.js";
import { type NameRecords, NO_RECORDS } from "../../ens/records.js";
import { isSignpostError, SignpostError } from "../../errors.js";
import type { OwnRecords } from "../../wire/ownRecords.js";
import { ownRecordsSchema } from "../../wire/ownRecordsSchema.js";
import { parseInput } from "../../wire/parseInput.js";
import { walletOfLabel } from "../names/nameOwner.js";
import { parseOwnRecords } from "../names/ownRecords.js";
import { assertUsable } from "../names/usableRecords.js";
import { profileAction } from "../names/verifiedActions.js";
import type { SourceRow } from "./source.js";
import { type SourceProblem, sourceProblem } from "./sourceProblem.js";

/** What a row says, with what has to be compared before it may be served. */
export interface RowRecords {
  readonly records: NameRecords;
  readonly wallet: Address | null;
  /** `profileFingerprint`; null without a profile. */
  readonly fingerprint: Digest | null;
}

export async function recordsOfRow(
  name: string,
  row: SourceRow,
): Promise<RowRecords | SourceProblem> {
  const wallet = asked("wallet", () => walletOf(name, row.wallet));
  if (isProblem(wallet)) return wallet;
  const published = asked("profile", () => profileOf(wallet.value, row.profile));
  if (isProblem(published)) return published;
  const others = await otherRecords(row);
  if (isProblem(others)) return others;
  const { record, fingerprint } = published.value ?? { record: null, fingerprint: null };
  return {
    wallet: wallet.value,
    fingerprint,
    records: together(wallet.value, record, others.value),
  };
}

/**
 * The same of a row with a profile that went through `recordsOfRow` before, byte for byte: nothing is asked of it again.
 * @param fingerprint what came out then
 */
export function recordsOfVerifiedRow(row: SourceRow, fingerprint: Digest): RowRecords {
  const wallet = addressFrom(fromHex((given(row.wallet) ?? "").toLowerCase()));
  const record = encodeDataUri(jsonOfProfile(given(row.profile) ?? "") as object);
  const own = parseOwnRecords(ownOf(row));
  return { wallet, fingerprint, records: together(wallet, record, own) };
}

function together(
  wallet: Address | null,
  record: string | null,
  {
    addresses = NO_RECORDS.addresses,
    texts = NO_RECORDS.texts,
    contenthash = null,
  }: Partial<NameRecords>,
): NameRecords {
  return {
    ...NO_RECORDS,
    contenthash,
    addresses: wallet ? new Map([...addresses, [COIN_TYPE_ETH, wallet]]) : addresses,
    texts: record === null ? texts : new Map([...texts, [DM3_PROFILE_KEY, record]]),
  };
}

export function isProblem(found: object): found is SourceProblem {
  return "kind" in found && "detail" in found;
}

function walletOf(name: string, text: string | null): Address | null {
  const wallet = given(text);
  if (wallet === null) return null;
  const address = parseAddress(wallet);
  if (address.every((byte) => byte === 0)) throw refused("The wallet is the zero address.");
  const ofLabel = walletOfLabel(name);
  if (ofLabel && !sameBytes(ofLabel, address)) {
    throw refused(
      `The label is made of the address ${checksumAddress(ofLabel)}, so the name is that wallet's.`,
    );
  }
  return address;
}

function profileOf(wallet: Address | null, text: string | null) {
  const profile = given(text);
  if (profile === null) return null;
  if (wallet === null)
    throw refused("There is a profile, and no wallet that could have signed it.");
  return profileAction(wallet, jsonOfProfile(profile));
}

function jsonOfProfile(text: string): unknown {
  if (!/^\s*data:/i.test(text)) return parseBoundedJson(new TextEncoder().encode(text));
  const record = parseRecord(text);
  if (record.kind === "data") return record.json;
  throw refused("The profile is a link; give the signed profile itself.");
}

function ownOf({ texts, addresses, contenthash }: SourceRow): OwnRecords {
  return {
    texts: Object.fromEntries(withoutEmpty(texts)),
    addresses: Object.fromEntries(withoutEmpty(addresses)),
    contenthash: given(contenthash),
  };
}

async function otherRecords(row: SourceRow) {
  try {
    const value = parseOwnRecords(parseInput(ownRecordsSchema, "The row", ownOf(row)));
    await assertUsable(value);
    return { value };
  } catch (error) {
    return problemOf("records", error);
  }
}

/** An empty text in a table mostly means that there is none. */
function given(text: string | null): string | null {
  return text === null || text.trim() === "" ? null : text.trim();
}

function withoutEmpty(map: ReadonlyMap<string, string>): [string, string][] {
  return [...map].filter(([, value]) => value !== "");
}

function asked<Value>(
  kind: SourceProblem["kind"],
  parse: () => Value,
): { readonly value: Value } | SourceProblem {
  try {
    return { value: parse() };
  } catch (error) {
    return problemOf(kind, error);
  }
}

/** What refuses a row is the service's to mend; a defect of ours is not. */
function problemOf(kind: SourceProblem["kind"], error: unknown): SourceProblem {
  if (isSignpostError(error, "INTERNAL") || !isSignpostError(error)) throw error;
  return sourceProblem(kind, error.message);
}

function refused(sentence: string): SignpostError {
  return new SignpostError("INVALID_REQUEST", sentence);
}
