/** One JSON object of a stranger, read field by field; the first fault is told, and names its field. */
import { SignpostError } from "../../errors.js";

type MalformedCode = "ENVELOPE_MALFORMED" | "MESSAGE_MALFORMED" | "DELIVERY_INFORMATION_MALFORMED";

export class ReceivedObject {
  private constructor(
    private readonly code: MalformedCode,
    private readonly path: string,
    /** As received, for hashes and signatures. */
    readonly members: Readonly<Record<string, unknown>>,
  ) {}

  /** @param json a JSON value */
  static of(code: MalformedCode, json: unknown): ReceivedObject {
    return ReceivedObject.from(code, "", json);
  }

  /**
   * @param json a JSON value, or its text
   * @param longest characters that a text may have before it is parsed
   */
  static read(code: MalformedCode, json: unknown, longest: number): ReceivedObject {
    return ReceivedObject.of(code, typeof json === "string" ? parsed(code, json, longest) : json);
  }

  private static from(code: MalformedCode, path: string, json: unknown): ReceivedObject {
    if (typeof json !== "object" || json === null || Array.isArray(json)) {
      throw malformed(code, path, "must be a JSON object");
    }
    return new ReceivedObject(code, path === "" ? "" : `${path}.`, json as Record<string, unknown>);
  }

  has(field: string): boolean {
    return Object.hasOwn(this.members, field) && this.members[field] !== undefined;
  }

  /** Undefined where the field is absent. */
  value(field: string): unknown {
    return this.has(field) ? this.members[field] : undefined;
  }

  object(field: string): ReceivedObject {
    return ReceivedObject.from(this.code, this.path + field, this.value(field));
  }

  /** @param longest in characters */
  text(field: string, longest: number): string {
    const value = this.value(field);
    if (value === undefined) throw this.refusal(field, "is missing");
    if (typeof value !== "string") throw this.refusal(field, "must be a string");
    if (value.length > longest) {
      throw this.refusal(field, `must not be longer than ${longest} characters`);
    }
    return value;
  }

  optionalText(field: string, longest: number): string | undefined {
    return this.has(field) ? this.text(field, longest) : undefined;
  }

  /** A text of this form alone. */
  textLike(field: string, form: RegExp, longest: number, problem: string): string {
    const text = this.text(field, longest);
    if (!form.test(text)) throw this.refusal(field, problem);
    return text;
  }

  /** Closed objects have no further fields. */
  assertOnly(fields: ReadonlySet<string>): void {
    for (const field of Object.keys(this.members)) {
      // bounded, because the sentence may end up in logs
      if (!fields.has(field)) throw this.refusal(field.slice(0, 40), "is unknown; remove it");
    }
  }

  /** @param problem continues a sentence that names the field */
  refusal(field: string, problem: string): SignpostError {
    return malformed(this.code, this.path + field, problem);
  }
}

function parsed(code: MalformedCode, text: string, longest: number): unknown {
  if (text.length > longest) {
    throw malformed(code, "", `must not be longer than ${longest} characters`);
  }
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    throw malformed(code, "", "must be JSON", cause);
  }
}

const WHAT: Readonly<Record<MalformedCode, string>> = {
  ENVELOPE_MALFORMED: "envelope",
  MESSAGE_MALFORMED: "message",
  DELIVERY_INFORMATION_MALFORMED: "delivery information",
};

function malformed(
  code: MalformedCode,
  field: string,
  problem: string,
  cause?: unknown,
): SignpostError {
  const place = field === "" ? `The ${WHAT[code]}` : `The field ${field} of the ${WHAT[code]}`;
  return new SignpostError(code, `${place} ${problem}.`, field === "" ? {} : { field }, { cause });
}
