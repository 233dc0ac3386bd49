/** ENSIP-15 normal form of names, by the reference implementation. */
import { ens_normalize } from "@adraffy/ens-normalize";
import { SignpostError } from "../errors.js";
import { LONGEST_NAME } from "./dnsName.js";

declare const isNormalName: unique symbol;

/** A name in ENSIP-15 normal form: two of them are the same name exactly when they are the same text. */
export type NormalName = string & { readonly [isNormalName]: true };

/**
 * Most names are plain ASCII, and those are in normal form when every label is made of a-z, 0-9 and hyphens
 * and has no "--" at its third place (ENSIP-15, "label extension"). Anything else takes the long way.
 */
const PLAIN = /^(?!..--)[a-z0-9-]+(?:\.(?!..--)[a-z0-9-]+)*$/;

/** The name in ENSIP-15 normal form. Throws INVALID_NAME for a name that has none, or is empty. */
export function normalizeName(name: string): NormalName {
  // hostile names of megabytes stay away from the normalisation
  if (name.length > LONGEST_NAME) {
    throw new SignpostError(
      "INVALID_NAME",
      `The name is ${name.length} characters long; names of at most ${LONGEST_NAME} can be used here.`,
    );
  }
  if (PLAIN.test(name)) return name as NormalName;
  const normal = ensip15(name);
  if (normal === "")
    throw new SignpostError("INVALID_NAME", "The name is empty; give a full ENS name.");
  return normal as NormalName;
}

/** Throws INVALID_NAME unless the name is already in normal form. */
export function assertNormalized(name: string): asserts name is NormalName {
  const normal = normalizeName(name);
  if (normal !== name) {
    throw new SignpostError(
      "INVALID_NAME",
      `The name ${JSON.stringify(name)} is not in ENSIP-15 normal form; use ${JSON.stringify(normal)}.`,
      { name, normal },
    );
  }
}

/**
 * Unpacks the tables of ENSIP-15, which the first name that is not plain does otherwise: 0.2 to 0.5 s, in which nobody else is
 * answered. For a service, before it listens; an app that looks up plain names never needs them.
 */
export function unpackTables(): void {
  ens_normalize("\u00fc");
}

function ensip15(name: string): string {
  try {
    return ens_normalize(name);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new SignpostError(
      "INVALID_NAME",
      `The name ${JSON.stringify(name)} has no ENSIP-15 normal form (${reason}); correct that label.`,
      { name },
    );
  }
}
