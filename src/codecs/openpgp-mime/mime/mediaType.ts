/** Content-Type fields (RFC 2045, section 5.1), for those that decide what a mail is. */

export interface MediaType {
  /** In lower case: `multipart/encrypted`. */
  readonly type: string;
  /** By their names in lower case. */
  readonly parameters: ReadonlyMap<string, string>;
}

const TYPE = /^\s*([\w!#$&^.+-]+\/[\w!#$&^.+-]+)\s*/;
const PARAMETER = /\s*;\s*(?:([\w!#$&^.+*-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s;"()<>@,]+))\s*)?/y;

/** Null for what has another form, or a parameter twice: two readers could take it for two things. */
export function readMediaType(value: string): MediaType | null {
  const [start, type] = TYPE.exec(value) ?? [];
  if (start === undefined || type === undefined) return null;
  const parameters = new Map<string, string>();
  for (let at = start.length; at < value.length; at = PARAMETER.lastIndex) {
    PARAMETER.lastIndex = at;
    const found = PARAMETER.exec(value);
    if (found === null) return null;
    const [, name, quoted, plain] = found;
    if (name === undefined) continue;
    if (parameters.has(name.toLowerCase())) return null;
    parameters.set(name.toLowerCase(), quoted?.replace(/\\(.)/g, "$1") ?? plain ?? "");
  }
  return { type: type.toLowerCase(), parameters };
}
