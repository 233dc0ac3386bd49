/** A row of a service's own data as the records of a name: verified like anything that is published. */
import { sameBytes } from "../../abi/bytes.js";
import type { Digest } from "../../abi/digest.js";
import { parseBoundedJson } from "../../dm3/profile/boundedJson.js";
import { parseRecord } from "../../dm3/profile/parseRecord.js";
import { parseSignedUserProfile } from "../../dm3/profile/profile.js";
import { DM3_PROFILE_KEY, encodeProfileRecord } from "../../dm3/profile/profileRecord.js";
import { type Address, checksumAddress, parseAddress } from "../../ens/address.js";
import { COIN_TYPE_ETH } from "../../ens/coinType.js";
import { type NameRecords, NO_RECORDS } from "../../ens/records.js";
import { isSignpostError, SignpostError } from "../../errors.js";
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

/**
 * @param verified the fingerprint of the row's profile, where exactly this row was verified before; its signature is then not
 *   recovered again
 */
export async function recordsOfRow(
  name: string,
  row: SourceRow,
  verified: Digest | null,
): Promise<RowRecords | SourceProblem> {
  const wallet = asked("wallet", () => walletOf(name, row.wallet));
  if (isProblem(wallet)) return wallet;
  const published = asked("profile", () => profileOf(wallet.value, row.profile, verified));
  if (isProblem(published)) return published;
  const others = await otherRecords(row);
  if (isProblem(others)) return others;
  const { record, fingerprint } = published.value ?? { record: null, fingerprint: null };
  const { addresses = NO_RECORDS.addresses, texts = NO_RECORDS.texts } = others.value;
  return {
    wallet: wallet.value,
    fingerprint,
    records: {
      ...NO_RECORDS,
      contenthash: others.value.contenthash ?? null,
      addresses: wallet.value ? new Map([...addresses, [COIN_TYPE_ETH, wallet.value]]) : addresses,
      texts: record === null ? texts : new Map([...texts, [DM3_PROFILE_KEY, record]]),
    },
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

function profileOf(wallet: Address | null, text: string | null, verified: Digest | null) {
  const profile = given(text);
  if (profile === null) return null;
  if (wallet === null)
    throw refused("There is a profile, and no wallet that could have signed it.");
  const json = jsonOfProfile(profile);
  if (verified === null) return profileAction(wallet, json);
  return { record: encodeProfileRecord(parseSignedUserProfile(json)), fingerprint: verified };
}

function jsonOfProfile(text: string): unknown {
  if (!/^\s*data:/i.test(text)) return parseBoundedJson(new TextEncoder().encode(text));
  const record = parseRecord(text);
  if (record.kind === "data") return record.json;
  throw refused("The profile is a link; give the signed profile itself.");
}

async function otherRecords({ texts, addresses, contenthash }: SourceRow) {
  const own = {
    texts: Object.fromEntries(withoutEmpty(texts)),
    addresses: Object.fromEntries(withoutEmpty(addresses)),
    contenthash: given(contenthash),
  };
  try {
    const value = parseOwnRecords(parseInput(ownRecordsSchema, "The row", own));
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
