/** Why something was not read or done: a closed list, so that "no such thing" and "could not find out" are never one. */

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
  /** The service says no for another reason, in its own words. */
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
    /** The service's code; null where it gave none. */
    readonly code: string | null = null,
  ) {
    super(sentence);
  }
}

/** Whatever was thrown: a defect of this page is a trouble as well, and says that it is one. */
export function troubleOf(thrown: unknown): Trouble {
  if (thrown instanceof Trouble) return thrown;
  const reason = thrown instanceof Error ? thrown.message : String(thrown);
  return new Trouble("unknown", `This page failed: ${reason}`);
}

interface Refusal {
  readonly code: string;
  readonly message: string;
  readonly details: Readonly<Record<string, unknown>>;
}

/** Of an answer of status 400 and above. */
export function troubleOfAnswer(response: Response, body: unknown): Trouble {
  const { status, headers } = response;
  const requestId = headers.get("x-request-id");
  const refusal = refusalIn(body);
  if (refusal === null) {
    const sentence = `The answer was HTTP ${status}, and not in the words of Signpost. Look at what is in front of the service.`;
    return new Trouble("unknown", sentence, requestId);
  }
  const { code, message } = refusal;
  const wait = headers.get("retry-after");
  const sentence =
    status === 429 && wait !== null ? `${message} Try again in ${wait} seconds.` : message;
  return new Trouble(kindOf(status, refusal), sentence, requestId, code);
}

function kindOf(status: number, { code, details }: Refusal): TroubleKind {
  if (status === 401) return "signedOut";
  if (status === 403) return "mayNot";
  // a path where nothing is has no name or number in its details
  if (status === 404 && code === "NOT_FOUND") {
    return "name" in details || "id" in details ? "absent" : "notOffered";
  }
  if (status === 412) return "changed";
  if (status === 429) return "tooMuch";
  return status >= 500 ? "unknown" : "refused";
}

function refusalIn(body: unknown): Refusal | null {
  const { code, message, details } = Object(body) as Partial<Refusal>;
  if (typeof code !== "string" || typeof message !== "string") return null;
  return { code, message, details: Object(details) as Refusal["details"] };
}
