/**
 * JSON with long texts, such as ciphertexts, that stay the bytes that came: `JSON.parse` would look at each of their characters, and
 * make them anew twice. What is between them is short.
 */

/** A text of JSON in which nothing is escaped, as bytes; nobody has looked whether they are UTF-8. */
export class LongText {
  constructor(readonly bytes: Buffer) {}

  /** Null for what is no UTF-8. */
  text(): string | null {
    try {
      return UTF8_WITHIN.decode(this.bytes);
    } catch {
      return null;
    }
  }
}

export interface CutJson {
  /** The JSON with a mark in the place of each long text. */
  readonly rest: Buffer;
  readonly texts: readonly LongText[];
}

/** Longer than ids, and than most names. */
const LONG_BYTES = 5_000;
const [QUOTE, BACKSLASH] = [0x22, 0x5c];
const UTF8 = new TextDecoder("utf-8", { fatal: true });
/** Within a body, a byte order mark is a character as any other. */
const UTF8_WITHIN = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
/** How a mark begins: an escaped zero, which no other text has where nothing is escaped. */
const MARK = String.raw`\u0000`;

/**
 * Null where something is escaped: then quotation marks do not say where a text ends. Null for more texts than that, too: each takes
 * a look.
 */
export function cutLongTexts(body: Buffer, mostTexts: number): CutJson | null {
  if (body.includes(BACKSLASH)) return null;
  const texts: LongText[] = [];
  const pieces: Buffer[] = [];
  let at = 0;
  let left = mostTexts;
  for (let open = body.indexOf(QUOTE); open !== -1; left--) {
    if (left === 0) return null;
    const close = body.indexOf(QUOTE, open + 1);
    if (close === -1) break;
    if (close - open > LONG_BYTES) {
      pieces.push(body.subarray(at, open + 1), Buffer.from(MARK + String(texts.length)));
      texts.push(new LongText(body.subarray(open + 1, close)));
      at = close;
    }
    open = body.indexOf(QUOTE, close + 1);
  }
  pieces.push(body.subarray(at));
  return { rest: Buffer.concat(pieces), texts };
}

/** The whole value, with the long texts in their places. Throws SyntaxError, TypeError. */
export function withLongTexts({ rest, texts }: CutJson): unknown {
  const json = UTF8.decode(rest);
  if (texts.length === 0) return JSON.parse(json);
  return JSON.parse(json, (_key, value: unknown) =>
    typeof value === "string" && value.startsWith("\0") ? texts[Number(value.slice(1))] : value,
  );
}
