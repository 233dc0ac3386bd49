/** Why something was not read or done: a closed list, so that "no such thing" and "could not find out" are never one. */
import { failedAnswerOf, isSignpostError, type SignpostError } from "../../sdk/index.js";

export type TroubleKind =
  /** The key or session is none, or none any more. */
  | "signedOut"
  /** The key is good, and may not do this. */
  | "mayNot"
  /** This service has no such route: it is older, or runs something else. */
  | "notOffered"
  /** There is no such name, or key. */
  | "absent"
  /** The name was changed after it was read (412). */
  | "changed"
  /** The service says no for another reason, in its own words; or nobody was asked, because it makes no sense. */
  | "refused"
  /** Too much was asked for in a short time. */
  | "tooMuch"
  /** No answer, or one that nobody can read: whether a change was made is not known. */
  | "unknown";

export class Trouble extends Error {
  constructor(
    readonly kind: TroubleKind,
    /** For people; the service's own where it gave one. */
    sentence: string,
    /** What the operator finds in the log; null where nothing answered. */
    readonly requestId: string | null = null,
  ) {
    super(sentence);
  }
}

/** Whatever was thrown: a defect of this page is a trouble as well, and says that it is one. */
export function troubleOf(thrown: unknown): Trouble {
  if (thrown instanceof Trouble) return thrown;
  if (isSignpostError(thrown)) return troubleOfError(thrown);
  const reason = thrown instanceof Error ? thrown.message : String(thrown);
  return new Trouble("unknown", `This page failed: ${reason}`);
}

function troubleOfError(error: SignpostError): Trouble {
  const kind = kindOf(error);
  const { requestId = null, retryAfterSec = null } = failedAnswerOf(error) ?? {};
  const wait =
    kind === "tooMuch" && retryAfterSec !== null ? ` Try again in ${retryAfterSec} seconds.` : "";
  return new Trouble(kind, `${error.message}${wait}`, requestId);
}

function kindOf(error: SignpostError): TroubleKind {
  // nobody answered, or somebody who is not the service
  if (error.code === "UNREACHABLE") return "unknown";
  const { status } = failedAnswerOf(error) ?? {};
  // an answer without end is none
  if (status === undefined) return error.code === "TOO_LARGE" ? "unknown" : "refused";
  switch (status) {
    case 401:
      return "signedOut";
    case 403:
      return "mayNot";
    case 404:
      return isSignpostError(error, "NOT_FOUND") ? absentOrNotOffered(error) : "refused";
    case 412:
      return "changed";
    case 429:
      return "tooMuch";
    default:
      return status >= 500 ? "unknown" : "refused";
  }
}

/** A path where nothing is has no name or number in its details. */
function absentOrNotOffered({ details }: Pick<SignpostError, "details">): TroubleKind {
  return "name" in details || "id" in details ? "absent" : "notOffered";
}
