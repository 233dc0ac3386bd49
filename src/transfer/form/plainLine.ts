/**
 * A quick yes for the lines that most names have, from whoever wrote them: what it says yes to, the schema takes as well (a
 * test holds it to that). What it does not say yes to, the schema is asked about, and says what is wrong.
 */
import { LONGEST_NAME } from "../../ens/dnsName.js";
import { type ExportLine, isKnownEntry } from "./exportLine.js";

type Given = Readonly<Record<string, unknown>>;

const DIGEST = /^0x[0-9a-f]{64}$/;

export function isPlainLine(json: unknown): json is ExportLine {
  if (!isObject(json)) return false;
  if (json["kind"] === "entry") return hasKeys(json, 3) && isPlainEntry(json);
  return json["kind"] === "name" && hasKeys(json, 8) && isPlainName(json);
}

function isPlainEntry({ entry, hash }: Given): boolean {
  return isDigest(hash) && isObject(entry) && isKnownEntry(entry);
}

function isPlainName({ name, end, marks, state, retired, served, servedBefore }: Given): boolean {
  return (
    typeof name === "string" &&
    name.length > 0 &&
    name.length <= LONGEST_NAME &&
    isObject(end) &&
    hasKeys(end, 2) &&
    isCount(end["number"]) &&
    end["number"] !== 0 &&
    isDigest(end["hash"]) &&
    isObject(marks) &&
    hasKeys(marks, 5) &&
    isPlainMarks(marks) &&
    isEmptyList(retired) &&
    served === null &&
    isEmptyList(servedBefore) &&
    (state === null || isObject(state))
  );
}

function isPlainMarks({ sequence, writesAfterSec, ownerChain, givenUpBy, isGift }: Given): boolean {
  return (
    isCount(sequence) &&
    isCount(writesAfterSec) &&
    ownerChain === null &&
    isEmptyList(givenUpBy) &&
    typeof isGift === "boolean"
  );
}

export function isObject(given: unknown): given is Given {
  return typeof given === "object" && given !== null && !Array.isArray(given);
}

/** Of an object whose fields are all asked about: it has no other. */
export function hasKeys(given: Given, count: number): boolean {
  return Object.keys(given).length === count;
}

export function isDigest(given: unknown): boolean {
  return typeof given === "string" && DIGEST.test(given);
}

function isCount(given: unknown): boolean {
  return Number.isSafeInteger(given) && (given as number) >= 0;
}

function isEmptyList(given: unknown): boolean {
  return Array.isArray(given) && given.length === 0;
}
