/** What an error of ours looks like to a client: a stanza error (RFC 6120, section 8.3) with our code beside its condition. */
import type { Element } from "ltx";
import { type ErrorCode, isSignpostError, SignpostError } from "../errors.js";
import type { MessagingErrors } from "../messaging/errorCodes.js";
import { DM3_NS, STANZA_ERRORS_NS } from "./namespaces.js";
import { attributeOf, xml } from "./xml.js";

/** RFC 6120, section 8.3.2 and 8.3.3: of those that we use. */
export interface Condition {
  readonly type: "auth" | "cancel" | "modify" | "wait";
  readonly name:
    | "forbidden"
    | "internal-server-error"
    | "item-not-found"
    | "not-acceptable"
    | "policy-violation"
    | "registration-required"
    | "resource-constraint"
    | "service-unavailable";
}

const NOT_ACCEPTABLE: Condition = { type: "modify", name: "not-acceptable" };
const LATER: Condition = { type: "wait", name: "internal-server-error" };

/** The codes that clients are shown: docs/xmpp-wire.md. */
const CONDITIONS = {
  NOT_FOUND: { type: "cancel", name: "item-not-found" },
  NOT_LINKED: { type: "auth", name: "registration-required" },
  OTHER_DOMAIN: { type: "auth", name: "forbidden" },
  ENVELOPE_MALFORMED: NOT_ACCEPTABLE,
  ENVELOPE_TOO_LARGE: { type: "modify", name: "policy-violation" },
  INVALID_PROFILE: NOT_ACCEPTABLE,
  WRONG_SIGNER: NOT_ACCEPTABLE,
  INVALID_REQUEST: NOT_ACCEPTABLE,
  LINK_OUTDATED: NOT_ACCEPTABLE,
  INVALID_NAME: NOT_ACCEPTABLE,
  LIMIT_EXCEEDED: { type: "wait", name: "resource-constraint" },
  DATABASE_UNAVAILABLE: LATER,
  UNREACHABLE: LATER,
  INTERNAL: LATER,
} as const satisfies Partial<Record<ErrorCode, Condition>> &
  Record<keyof MessagingErrors, Condition>;

type RefusalCode = keyof typeof CONDITIONS;

/** Why something is not done, for a client. */
export interface Refusal {
  readonly code: RefusalCode;
  /** For a person. */
  readonly sentence: string;
  /** Of LINK_OUTDATED: which time a link has to be signed with at least, Unix seconds. */
  readonly notBeforeSec?: number;
}

/** Whatever was thrown. What no client can do anything about is our defect, of which only the log tells more. */
export function refusalOf(error: unknown): Refusal {
  if (isSignpostError(error, "LINK_OUTDATED")) {
    const { notBeforeSec } = error.details;
    return { code: error.code, sentence: error.message, notBeforeSec };
  }
  if (error instanceof SignpostError && isShown(error.code) && error.code !== "INTERNAL") {
    return { code: error.code, sentence: error.message };
  }
  return { code: "INTERNAL", sentence: "Something failed at the gateway. Try again later." };
}

/** Whether it is the gateway's trouble, so that the operator has to know. */
export function isTrouble({ code }: Refusal): boolean {
  return CONDITIONS[code] === LATER;
}

/** The stanza that refuses `stanza`, to exactly whom it came from. */
export function refusalOfStanza(stanza: Element, refusal: Refusal): Element {
  const refused = xml("refused", {
    ...{ xmlns: DM3_NS, code: refusal.code },
    "not-before": refusal.notBeforeSec?.toString(),
  });
  return errorAnswer(stanza, CONDITIONS[refusal.code], refusal.sentence, refused);
}

/** @param sentence what stock clients show; null where people see nothing of it */
export function errorAnswer(
  stanza: Element,
  { type, name }: Condition,
  sentence: string | null,
  further: Element | null = null,
): Element {
  const text =
    sentence === null ? null : xml("text", { xmlns: STANZA_ERRORS_NS, "xml:lang": "en" }, sentence);
  const error = xml("error", { type }, xml(name, { xmlns: STANZA_ERRORS_NS }), text, further);
  return xml(stanza.getName(), { ...answerTo(stanza), type: "error" }, error);
}

/** The addresses and the id of an answer. */
export function answerTo(stanza: Element): {
  readonly from: string | undefined;
  readonly to: string | undefined;
  readonly id: string | undefined;
} {
  const of = (name: string) => attributeOf(stanza, name) ?? undefined;
  return { from: of("to"), to: of("from"), id: of("id") };
}

function isShown(code: ErrorCode): code is RefusalCode {
  return Object.hasOwn(CONDITIONS, code);
}
