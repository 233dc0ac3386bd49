/** What people read here is in short sentences: 16 words on average, and 34 at most. */
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import { Command } from "commander";
import { addCommands } from "../src/cli/commands.js";
import { allOf, commandTree } from "../src/cli/help/commandTree.js";
import {
  type Sentence,
  sentencesOf,
  sentencesOfComments,
  sentencesOfPage,
} from "./english/sentences.js";

const MOST_WORDS = 34;
const MEAN_WORDS = 16;
/** Records of what was decided are judged together: each is short, and written once. */
const TOGETHER = "docs/decisions/";

describe("plain English", () => {
  it("counts words as a reader does", () => {
    const page =
      '# A heading of many words\n\nOne `two three` [four](five.md "six").\nSeven!\n\n```sh\nno\n```\n| no | no |\n- Eight\n  nine';
    expect(sentencesOfPage(page)).to.deep.equal([
      { text: "One code four.", words: 3 },
      { text: "Seven!", words: 1 },
      { text: "Eight nine", words: 2 },
    ]);
    expect(sentencesOfComments("# One two\n# three.\n# NAME=four five\n\n# Six.")).to.deep.equal([
      { text: "One two three.", words: 3 },
      { text: "Six.", words: 1 },
    ]);
  });

  it("is that of each page", async () => {
    const pages = [
      "README.md",
      "SECURITY.md",
      "CONTRIBUTING.md",
      "src/sdk/README.md",
      ...(await pagesIn("docs")),
    ];
    const decided: Sentence[] = [];
    const tooMuch: string[] = [];
    for (const page of pages) {
      const sentences = sentencesOfPage(await readFile(page, "utf8"));
      tooMuch.push(...longOnes(page, sentences));
      if (page.startsWith(TOGETHER)) decided.push(...sentences);
      else tooMuch.push(...wordy(page, sentences));
    }
    expect([...tooMuch, ...wordy(TOGETHER, decided)]).to.deep.equal([]);
  });

  it("is that of the settings and of the command line", async () => {
    const settings = sentencesOfComments(await readFile(".env.example", "utf8"));
    const program = new Command("signpost");
    await addCommands(program);
    const help = allOf(commandTree(program)).flatMap(({ description, arguments: given, options }) =>
      [description, ...[...given, ...options].map((one) => one.description)]
        // of a list, each item
        .flatMap((text) => text.split("; "))
        .flatMap(sentencesOf),
    );
    expect([
      ...[...longOnes(".env.example", settings), ...wordy(".env.example", settings)],
      ...[...longOnes("--help", help), ...wordy("--help", help)],
    ]).to.deep.equal([]);
  });
});

async function pagesIn(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder, { recursive: true });
  return names
    .filter((name) => name.endsWith(".md"))
    .map((name) => join(folder, name))
    .sort();
}

function longOnes(where: string, sentences: readonly Sentence[]): readonly string[] {
  return sentences
    .filter(({ words }) => words > MOST_WORDS)
    .map(({ words, text }) => `${where}: ${words} words: ${text}`);
}

function wordy(where: string, sentences: readonly Sentence[]): readonly string[] {
  const words = sentences.reduce((sum, sentence) => sum + sentence.words, 0);
  const mean = words / Math.max(1, sentences.length);
  return mean > MEAN_WORDS ? [`${where}: ${mean.toFixed(1)} words a sentence`] : [];
}
