/**
 * What openpgp throws is one of two things. A verdict says something of what a stranger made: expired, revoked, altered. A failure of the
 * library itself says nothing of that, and must never count as "not there" or "not valid".
 */
import { foreignText } from "../../../fetch/foreignText.js";

/** By their names: the library's own errors, and those of WebCrypto for keys and data that it refuses. */
const VERDICTS: readonly string[] = [
  ...["Error", "UnsupportedError", "MalformedPacketError", "GrammarError", "UnknownPacketError"],
  ...["Bzip2Error", "DataError", "OperationError"],
];
const MOST_CAUSES = 10;

/** Errors of Node and of the language are none, however deep they are: a missing package, no memory, a fault of the library. */
export function isVerdict(thrown: unknown): boolean {
  return causesOf(thrown).every(
    (error) => VERDICTS.includes(error.name) && typeof codeOf(error) !== "string",
  );
}

/** Whether a package could not be loaded that the library requires. */
export function lacksPackage(thrown: unknown): boolean {
  return causesOf(thrown).some((error) => codeOf(error) === "MODULE_NOT_FOUND");
}

/** A verdict in the library's words, for the middle of a sentence; of a failure nothing, because paths may stand in it. */
export function verdictText(thrown: unknown): string {
  if (!isVerdict(thrown)) return "the OpenPGP library failed";
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return foreignText(message.split("\n")[0] ?? "");
}

/** The error and what caused it, from the outside in. */
function causesOf(thrown: unknown): readonly Error[] {
  const errors: Error[] = [];
  for (let one = thrown; one instanceof Error && errors.length < MOST_CAUSES; one = one.cause) {
    errors.push(one);
  }
  return errors;
}

const codeOf = (error: Error): unknown => ("code" in error ? error.code : undefined);
