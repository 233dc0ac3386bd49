/** What a writer expects of a name before it changes it: If-Match and If-None-Match (RFC 9110) as values. */
import { SignpostError } from "../../errors.js";
import type { VersionedName } from "../names/storedName.js";

export type Expectation =
  | { readonly kind: "absent" }
  | { readonly kind: "present" }
  /** Exactly this version. */
  | { readonly kind: "version"; readonly version: bigint };

/** Throws VERSION_CONFLICT when the name is otherwise. */
export function assertExpected(
  expected: Expectation,
  name: string,
  stored: VersionedName | null,
): void {
  if (isMet(expected, stored)) return;
  const version = stored && stored.version.toString();
  throw new SignpostError(
    "VERSION_CONFLICT",
    stored
      ? `The name ${name} is at version ${stored.version.toString()}, and not as you expected. Read it again before you change it.`
      : `The name ${name} does not exist, but you expected it. Read it again before you change it.`,
    { name, version },
  );
}

function isMet(expected: Expectation, stored: VersionedName | null): boolean {
  switch (expected.kind) {
    case "absent":
      return stored === null;
    case "present":
      return stored !== null;
    case "version":
      return stored?.version === expected.version;
  }
}
