/** JSON text of ASCII alone, without DEL: what stands in strings and is not ASCII is escaped (RFC 8259, section 7), and means the same. */
const NOT_ASCII = /[\u007f-\uffff]/g;

export function asciiJson(json: string): string {
  return json.replace(
    NOT_ASCII,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
