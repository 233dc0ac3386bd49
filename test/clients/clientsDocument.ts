/** The part of docs/clients.md that is written from what was observed. */
import { readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { format, resolveConfig } from "prettier";
import { CASE_GROUPS, type CaseGroup } from "./clientCases.js";
import type { EnsClient } from "./ensClient.js";
import type { Observation } from "./observe.js";

const PAGE = fileURLToPath(new URL("../../docs/clients.md", import.meta.url));
const START = "<!-- written by npm run clients-table -->";
const END = "<!-- end of what npm run clients-table writes -->";

export function readDocument(): Promise<string> {
  return readFile(PAGE, "utf8");
}

/** The page as it should be. */
export async function documentOf(observations: readonly Observation[]): Promise<string> {
  const page = await readDocument();
  const written = [
    ...CASE_GROUPS.map((group) => tableOf(group, observations)),
    adviceOf(
      "Absent, though nobody said so",
      wasSilent,
      ({ whereSilent }) => whereSilent,
      observations,
    ),
    adviceOf(
      "The second gateway is not asked",
      wasStuck,
      ({ whereStuck }) => whereStuck,
      observations,
    ),
  ].join("\n\n");
  const head = page.slice(0, page.indexOf(START) + START.length);
  const changed = `${head}\n\n${written}\n\n${page.slice(page.indexOf(END))}`;
  return format(changed, { ...(await resolveConfig(PAGE)), parser: "markdown" });
}

export async function writeDocument(observations: readonly Observation[]): Promise<void> {
  await writeFile(PAGE, await documentOf(observations));
}

/** The client could not know, but shows what it shows for an absent record. */
export function wasSilent({ case: asked, seen }: Observation): boolean {
  return asked.truth !== "absent" && seen === "absent";
}

/** Another gateway would have answered. */
export function wasStuck({ case: asked, seen }: Observation): boolean {
  return asked.gateway.endsWith("ThenHealthy") && seen !== "value";
}

function tableOf({ title, cases }: CaseGroup, observations: readonly Observation[]): string {
  const rows = clientsIn(observations).map((client) => {
    const cells = cases.map((asked) => {
      const found = observations.find((each) => each.client === client && each.case === asked);
      return cell(found?.seen ?? "–");
    });
    return `| ${[client.title, ...cells].join(" | ")} |`;
  });
  return [
    `### ${title}`,
    "",
    `| client | ${cases.map((asked) => asked.title).join(" | ")} |`,
    `|${" --- |".repeat(cases.length + 1)}`,
    ...rows,
  ].join("\n");
}

function cell(seen: string): string {
  return seen.startsWith("error ") ? `error: \`${seen.slice("error ".length)}\`` : seen;
}

/** Who, in which cases, and what to do about it. */
function adviceOf(
  title: string,
  concerns: (observation: Observation) => boolean,
  advice: (client: EnsClient) => string | null,
  observations: readonly Observation[],
): string {
  const concerned = observations.filter(concerns);
  const rows = clientsIn(concerned).map((client) => {
    const cases = concerned.filter((each) => each.client === client).map((each) => each.case.title);
    return `| ${client.title} | ${cases.join("; ")} | ${advice(client) ?? ""} |`;
  });
  return [
    `### ${title}`,
    "",
    "| client | where | what to do |",
    "| --- | --- | --- |",
    ...rows,
  ].join("\n");
}

function clientsIn(observations: readonly Observation[]): EnsClient[] {
  return [...new Set(observations.map(({ client }) => client))];
}
