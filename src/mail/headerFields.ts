/** The header of a mail (RFC 5322, section 2.2), read strictly: what two programs could read differently is no header here. */

export interface HeaderField {
  /** In lower case. */
  readonly name: string;
  /** Unfolded, without blanks around it. */
  readonly value: string;
}

/** In bytes, with all its lines. */
export const LONGEST_HEADER = 64 * 1024;
/** Without its CRLF (RFC 5322, section 2.1.1). */
export const LONGEST_LINE = 998;

const FIELD = /^([!-9;-~]+):(.*)$/;

/**
 * @param lines without their CRLF and without the empty line at the end, one character for each byte
 * @returns null where a line is neither a field nor goes on with one
 */
export function parseHeader(lines: readonly string[]): readonly HeaderField[] | null {
  const fields: { name: string; value: string }[] = [];
  for (const line of lines) {
    const last = fields.at(-1);
    if (/^[ \t]/.test(line)) {
      // a line of blanks alone ends the header for some programs
      if (last === undefined || line.trim() === "") return null;
      last.value += line;
      continue;
    }
    const [, name, value] = FIELD.exec(line) ?? [];
    if (name === undefined || value === undefined) return null;
    fields.push({ name: name.toLowerCase(), value });
  }
  return fields.map(({ name, value }) => ({ name, value: value.trim() }));
}

export function valuesOf(fields: readonly HeaderField[], name: string): readonly string[] {
  return fields.filter((field) => field.name === name).map(({ value }) => value);
}
