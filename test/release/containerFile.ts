/** deploy/Containerfile taken apart, and what an engine is sent with it. */
import { cp, readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";

export interface Instruction {
  readonly word: string;
  readonly rest: string;
}

const KNOWN = [
  ...["FROM", "WORKDIR", "COPY", "RUN", "ENV", "USER", "VOLUME", "EXPOSE", "STOPSIGNAL"],
  ...["HEALTHCHECK", "ENTRYPOINT", "CMD"],
];

export function stagesOf(text: string): readonly (readonly Instruction[])[] {
  const instructions = text
    .replace(/\\\n/g, " ")
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"))
    .map((line) => {
      const [, word = "", rest = ""] = /^([A-Z]+) +(.*)$/.exec(line) ?? [];
      expect(KNOWN, line).to.include(word);
      return { word, rest };
    });
  const stages: Instruction[][] = [];
  for (const one of instructions) {
    if (one.word === "FROM") stages.push([]);
    stages.at(-1)?.push(one);
  }
  return stages;
}

export function words(json: string): readonly string[] {
  return JSON.parse(json) as string[];
}

/** What an engine that reads the ignore file is sent: the file names all but some, which stand by their names. */
export async function sentContext(context: string): Promise<string> {
  const text = await readFile(join(context, "deploy/Containerfile.dockerignore"), "utf8");
  const [everything, ...taken] = text.trim().split("\n");
  expect(everything).to.equal("*");
  const sent = `${context}-sent`;
  for (const line of taken) {
    const [, name = ""] = /^!([a-z][a-z.-]*)$/.exec(line) ?? [];
    expect(name, line).not.to.equal("");
    await cp(join(context, name), join(sent, name), { recursive: true });
  }
  return sent;
}
