/** Looks at a source: what would be answered, what scans see, what is wrong. */
import type { Command } from "commander";
import { domainStore } from "../../../db/domainStore.js";
import { recordSource } from "../../../db/recordSource.js";
import { scanStore } from "../../../db/scanStore.js";
import { rehearsedProfiles } from "../../../db/servedProfiles.js";
import { namehash } from "../../../ens/namehash.js";
import { normalizeName, type NormalName } from "../../../ens/normalize.js";
import { SignpostError } from "../../../errors.js";
import { foreignText } from "../../../fetch/foreignText.js";
import { noPause } from "../../../registry/changes/clock.js";
import { rememberedRows } from "../../../registry/sources/rememberedRows.js";
import { type ScanReport, scanSource } from "../../../registry/sources/scanSource.js";
import { answerOfSource } from "../../../registry/sources/sourcedNames.js";
import type { StoredSource } from "../../../registry/sources/sourceStore.js";
import { print } from "../../../terminal/print.js";
import { inspectSource } from "../inspectSource.js";
import { openSource } from "../openSource.js";
import {
  lookIntoSources,
  sourceBehind,
  type SourceInstallation,
  withSources,
} from "./sourceInstallation.js";
import { describeAnswer, linesOfAnswer } from "./sourceText.js";

const MOST_PROBLEMS_SHOWN = 1000;

export function lookCommands(source: Command): void {
  source
    .command("test")
    .description("ask the data source now: what a name would be answered with, and why")
    .argument("<name>", "e.g. alice.users.example.eth")
    .option("--json", "print JSON")
    .action(async (given: string, flags: { json?: true }) => {
      const name = normalizeName(given);
      const { answer, tookMs, inspection } = await lookIntoSources((sources) =>
        look(sources, name),
      );
      const described = describeAnswer(answer);
      const { faults, warnings } = inspection;
      print(flags, { name, ...described, tookMs, faults, warnings }, [
        ...linesOfAnswer(name, described),
        `  asked in ${Math.round(tookMs)} ms`,
        ...[...faults, ...warnings].map((sentence) => `  warning  ${sentence}`),
      ]);
    });

  source
    .command("scan")
    .description(
      "look at all labels of a data source now: which rows are one name, and which names are gone",
    )
    .argument("<domain>", "the domain")
    .option("--yes", "take names off the list although many are gone at once")
    .option("--json", "print JSON")
    .action(async (domain: string, flags: { yes?: true; json?: true }) => {
      const report = await withSources(async (sources) => {
        const found = await sourceBehind(sources, domain);
        const secret = await sources.secrets.open(found.id);
        const opened = openSource(found, found.settings, secret, Date.now);
        const { labelsAfter } = opened;
        try {
          if (labelsAfter === null) throw unlisted(found.domain);
          return await scanSource(
            found,
            { labelsAfter },
            {
              scans: scanStore(sources.pool),
              problems: sources.store.problems,
              pause: noPause,
              isSureOfDrops: flags.yes === true,
            },
          );
        } finally {
          await opened.close();
        }
      });
      if (report === null) {
        throw new SignpostError("OVERLOADED", "Another scan of it is under way; wait for its end.");
      }
      print(flags, report, linesOfReport(report));
    });

  source
    .command("problems")
    .description("list rows of a data source that are answered like absent names, and why")
    .argument("<domain>", "the domain")
    .option("--json", "print JSON")
    .action(async (domain: string, flags: { json?: true }) => {
      const { id, problems } = await lookIntoSources(async (sources) => {
        const found = await sourceBehind(sources, domain);
        const listed = await sources.store.problems.list(found.id, null, MOST_PROBLEMS_SHOWN);
        return { id: found.id, problems: listed };
      });
      const rows = problems.map(({ firstAtMs, lastAtMs, ...problem }) => ({
        ...problem,
        firstAt: new Date(firstAtMs).toISOString(),
        lastAt: new Date(lastAtMs).toISOString(),
      }));
      const lines = rows.map(
        ({ name, kind, detail, lastAt }) =>
          `${foreignText(name)}  ${kind}  ${lastAt}  ${foreignText(detail, 500)}`,
      );
      print(
        flags,
        { source: id, problems: rows },
        lines.length > 0 ? lines : ["Nothing was wrong with any row that was asked for."],
      );
    });
}

/** Writes nothing. */
async function look({ pool, store, secrets }: SourceInstallation, name: NormalName) {
  const found = await sourceOfName({ pool, store }, name);
  const secret = await secrets.open(found.id);
  const { id, domain, settings } = found;
  const opened = openSource(found, settings, secret, Date.now);
  const nowMs = () => performance.now();
  const rows = rememberedRows(opened, 0, nowMs);
  const parts = {
    ...recordSource(pool),
    served: rehearsedProfiles(pool),
    noteProblem: () => undefined,
  };
  try {
    const startedMs = nowMs();
    const answer = await answerOfSource(parts, { id, domain, rows }, name, namehash(name));
    const tookMs = nowMs() - startedMs;
    return { answer, tookMs, inspection: await inspectSource(found, settings, secret) };
  } finally {
    await opened.close();
  }
}

/** The source of the domain that the name is answered for: a domain above it says nothing of its names. */
async function sourceOfName(
  { pool, store }: Pick<SourceInstallation, "pool" | "store">,
  name: NormalName,
): Promise<StoredSource> {
  const domain = await domainStore(pool).domainHolding(name);
  const found = domain && (await store.sourceOf(domain.name));
  if (found) return found;
  const why = domain
    ? `${name} belongs to the domain ${domain.name}, which has no data source`
    : `${name} lies under no domain that is served here; of an alias domain, ask for the name below the domain itself`;
  throw new SignpostError("NOT_FOUND", `${why}; see \`signpost source list\`.`, { name });
}

function unlisted(domain: string): SignpostError {
  return new SignpostError(
    "INVALID_REQUEST",
    `The HTTP endpoint behind ${domain} is asked for one user at a time and tells no list, so there is nothing to scan.`,
  );
}

function linesOfReport(report: ScanReport): readonly string[] {
  const { labels, unusable, twins, isCutOff, listed, dropped, waiting } = report;
  return [
    `${labels} labels, ${listed} names on the list.`,
    ...(unusable === 0 ? [] : [`  ${unusable} labels are no names of ENS`]),
    ...(twins.length === 0
      ? []
      : [`  several rows are one name: ${twins.slice(0, 20).join(", ")}`]),
    ...(isCutOff ? ["  it has more labels than are looked at"] : []),
    ...(dropped === 0 ? [] : [`  ${dropped} names went off the list`]),
    ...(waiting === 0
      ? []
      : [
          `  ${waiting} names were not seen; they stay on the list until two scans in a row missed them, and --yes where they are many`,
        ]),
  ];
}
