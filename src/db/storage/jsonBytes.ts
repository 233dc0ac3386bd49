/** How many bytes rows take in JSON, at most, by what stands in them beside their containers: those are long, and lie elsewhere. */
import { MOST_ESCAPED } from "../../storage/jsonBytes.js";

/**
 * Of a message's container.
 * @param mostTimes how many bytes one byte becomes, where it is not plain
 * @param row how the statement calls the message's row
 */
export function bytesOfContainer(mostTimes: number, row: string): string {
  return `(case when ${row}.is_plain then ${row}.bytes else ${mostTimes} * ${row}.bytes end)`;
}

/** Of texts of any characters. */
export function bytesOfTexts(...columns: readonly string[]): string {
  return `${MOST_ESCAPED} * (${columns.map((column) => `octet_length(${column})`).join(" + ")})`;
}
