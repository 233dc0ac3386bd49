/**
 * What a server sends, message by message (PostgreSQL 17, chapter 53, "Frontend/Backend Protocol"). The driver believes whoever it is
 * connected to: it looks for the end of a text for ever where there is none, and throws at other faults where nobody catches it, which
 * ends the process. So it gets a message only when all of it is there and in its form, and only those that our questions bring.
 */

/** The type, and the length of what follows with itself. */
const HEADER_BYTES = 5;
const EMPTY = Buffer.alloc(0);

/**
 * Takes what arrives, piece by piece, and returns the messages that are whole by then.
 * @param longest of a message, in bytes
 * @throws Error with a `code` that says what is wrong
 */
export function wholeMessages(longest: number): (piece: Buffer) => Buffer {
  let pieces: Buffer[] = [];
  let length = 0;
  let needed = HEADER_BYTES;
  return (piece) => {
    pieces.push(piece);
    length += piece.length;
    if (length < needed) return EMPTY;
    const bytes = pieces.length === 1 ? piece : Buffer.concat(pieces);
    let at = 0;
    needed = HEADER_BYTES;
    while (bytes.length - at >= HEADER_BYTES) {
      const whole = 1 + bytes.readUInt32BE(at + 1);
      if (whole < HEADER_BYTES) throw notPostgres();
      if (whole > longest) throw tooLong();
      if (whole > bytes.length - at) {
        needed = whole;
        break;
      }
      assertInForm(bytes[at], new Body(bytes.subarray(at + HEADER_BYTES, at + whole)));
      at += whole;
    }
    pieces = at === bytes.length ? [] : [bytes.subarray(at)];
    length = bytes.length - at;
    return bytes.subarray(0, at);
  };
}

function assertInForm(type: number | undefined, body: Body): void {
  const read = type === undefined ? undefined : FORMS[String.fromCharCode(type)];
  if (read === undefined) throw notPostgres();
  read(body);
  body.end();
}

/** By the type of a message; those that only other statements than ours bring, such as COPY, are not among them. */
const FORMS: Readonly<Partial<Record<string, (body: Body) => void>>> = {
  // ParseComplete, BindComplete, CloseComplete, NoData, EmptyQueryResponse, PortalSuspended
  ...Object.fromEntries(["1", "2", "3", "n", "I", "s"].map((type) => [type, () => undefined])),
  R: authentication,
  K: (body) => {
    body.skip(8);
  }, // BackendKeyData
  Z: (body) => {
    body.skip(1);
  }, // ReadyForQuery
  C: (body) => body.text(), // CommandComplete
  E: noticeFields,
  N: noticeFields,
  S: (body) => {
    body.texts(2);
  }, // ParameterStatus
  // NotificationResponse
  A: (body) => {
    body.skip(4);
    body.texts(2);
  },
  // RowDescription
  T: (body) => {
    for (let left = body.count(); left > 0; left--) {
      body.text();
      body.skip(18);
    }
  },
  // DataRow
  D: (body) => {
    for (let left = body.count(); left > 0; left--) body.value();
  },
};

function authentication(body: Body): void {
  switch (body.int32()) {
    case 0: // AuthenticationOk
    case 3: // AuthenticationCleartextPassword
      return;
    case 5: // AuthenticationMD5Password
      body.skip(4);
      return;
    case 10: // AuthenticationSASL
      while (body.text() > 0);
      return;
    case 11: // AuthenticationSASLContinue
    case 12: // AuthenticationSASLFinal
      body.rest();
      return;
    default:
      throw Object.assign(new Error("an unknown authentication"), {
        code: "it asks for neither a password nor SCRAM",
      });
  }
}

/** Of ErrorResponse and NoticeResponse. */
function noticeFields(body: Body): void {
  while (body.byte() !== 0) body.text();
}

/** Reads on; throws where the message ends before. */
class Body {
  #at = 0;

  constructor(readonly bytes: Buffer) {}

  skip(length: number): void {
    this.#at += length;
    if (length < 0 || this.#at > this.bytes.length) throw notPostgres();
  }
  byte(): number {
    this.skip(1);
    return this.bytes.readUInt8(this.#at - 1);
  }
  int32(): number {
    this.skip(4);
    return this.bytes.readInt32BE(this.#at - 4);
  }
  /** Of fields; negative ones are none. */
  count(): number {
    this.skip(2);
    const count = this.bytes.readInt16BE(this.#at - 2);
    if (count < 0) throw notPostgres();
    return count;
  }
  /** Of a field; -1 in place of its length is null. */
  value(): void {
    const length = this.int32();
    if (length !== -1) this.skip(length);
  }
  /** Up to its zero byte. Returns its length. */
  text(): number {
    const end = this.bytes.indexOf(0, this.#at);
    if (end < this.#at) throw notPostgres();
    const length = end - this.#at;
    this.#at = end + 1;
    return length;
  }
  texts(count: number): void {
    for (let left = count; left > 0; left--) this.text();
  }
  rest(): void {
    this.#at = this.bytes.length;
  }
  end(): void {
    if (this.#at !== this.bytes.length) throw notPostgres();
  }
}

function notPostgres(): Error {
  return Object.assign(new Error("not the protocol of Postgres"), {
    code: "it does not speak Postgres's protocol",
  });
}

export function tooLong(): Error {
  return Object.assign(new Error("the answer is too long"), { code: "its answer is too long" });
}
