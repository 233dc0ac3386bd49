/** What became of what lies below a domain, for people: names, those that their owners hold, reservations. */
import type { HandedOver } from "../../../registry/domains/handOver.js";
import { counted } from "../../../terminal/counted.js";

/** As many of the names that are held are printed for people; `--json` has up to a hundred. */
const MOST_PRINTED = 10;

export function belowAsJson({ names, heldNames, heldExamples, reservations }: HandedOver) {
  return { names, heldNames, heldExamples, reservations };
}

/** @param to whose names they are now */
export function belowAsLines({ other, ...below }: HandedOver, to: string): string[] {
  const { names, heldNames, heldExamples, reservations } = below;
  const lines: string[] = [];
  if (names > 0) {
    const held = heldNames === 0 ? "" : `, ${heldNames} of them held by their owners`;
    lines.push(
      `  ${counted(names, "name", "names")} below it ${names === 1 ? "is" : "are"} ${to}'s now${held}`,
    );
  }
  lines.push(...heldExamples.slice(0, MOST_PRINTED).map((name) => `    held  ${name}`));
  if (heldNames > MOST_PRINTED) lines.push(`    and ${heldNames - MOST_PRINTED} more`);
  if (reservations > 0) {
    const whose = other === null ? "" : ` of ${other}`;
    lines.push(`  ${counted(reservations, "reservation", "reservations")}${whose} ended`);
  }
  return lines;
}
