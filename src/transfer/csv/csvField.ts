/**
 * A field of a CSV file (RFC 4180) that a spreadsheet opens: what would be read as a formula gets a ' before it, as OWASP's
 * "CSV Injection" advises. Reading takes it away again, so that a text comes back as it was.
 */
const FORMULA = /^['=+\-@\t\r]/;

function csvField(text: string): string {
  const safe = FORMULA.test(text) ? `'${text}` : text;
  return /[",;\r\n]|^\s|\s$/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** The other direction, behind the parser. */
export function fieldText(field: string): string {
  return field.startsWith("'") && FORMULA.test(field.slice(1)) ? field.slice(1) : field;
}

export function csvRow(fields: readonly string[]): string {
  return `${fields.map(csvField).join(",")}\r\n`;
}
