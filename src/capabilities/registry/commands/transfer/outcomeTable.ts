/** What came of an import, as a table for people. */
import { foreignText } from "../../../../fetch/foreignText.js";
import { OUTCOMES, type Outcomes } from "../../../../transfer/arrive/outcomes.js";

/** `--json` has up to a thousand. */
const MOST_PRINTED = 20;
const LONGEST_REMARK = 1_000;

export function linesOfOutcomes({ counts, remarks, contractProofsNotAsked }: Outcomes): string[] {
  const rows = Object.entries(counts).filter(([kind]) => kind !== "signpost-export");
  const width = Math.max(...rows.map(([kind]) => kind.length), 0);
  const cells = (texts: readonly string[]) => texts.map((text) => text.padStart(10)).join("");
  return [
    `  ${"".padEnd(width)}${cells(OUTCOMES)}`,
    ...rows.map(
      ([kind, of]) =>
        `  ${kind.padEnd(width)}${cells(OUTCOMES.map((one) => String(of[one] ?? 0)))}`,
    ),
    // the file is a stranger's
    ...remarks.slice(0, MOST_PRINTED).map(({ outcome, kind, name, reason }) => {
      const what = kind === "name" ? name : `${kind} ${name}`;
      return `  ${foreignText(`${outcome}  ${what}: ${reason}`, LONGEST_REMARK)}`;
    }),
    ...(remarks.length > MOST_PRINTED ? [`  and more; --json lists up to a thousand of them`] : []),
    ...(contractProofsNotAsked > 0
      ? [
          `  ${contractProofsNotAsked} signatures of contract wallets are taken by the word of the export; \`signpost history verify --all --rpc\` asks their chains`,
        ]
      : []),
  ];
}
