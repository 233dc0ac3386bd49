/** Sentences of what people read here, to be counted: without code, tables, headings, and the addresses of links. */

export interface Sentence {
  readonly words: number;
  readonly text: string;
}

/** Of a page in Markdown. What stands in backticks counts as one word. */
export function sentencesOfPage(markdown: string): readonly Sentence[] {
  const text = markdown.replace(/<!--[^]*?-->/g, "").replace(/^(```|~~~)[^]*?^\1 *$/gm, "\n");
  return paragraphsOf(text).flatMap(sentencesOf);
}

/** Of the comments of settings; an empty comment line, or a line that is none, ends a paragraph. */
export function sentencesOfComments(text: string): readonly Sentence[] {
  const setting = /^# [A-Z][A-Z0-9_]*=/;
  const lines = text
    .split("\n")
    .map((line) => (setting.test(line) ? "" : line.replace(/^#+ ?/, "")));
  return paragraphsOf(lines.join("\n")).flatMap(sentencesOf);
}

export function sentencesOf(paragraph: string): readonly Sentence[] {
  const plain = paragraph
    .replace(/!?\[([^\]]*)\]\([^)]*\)/g, "$1")
    .replace(/`[^`]*`/g, "code")
    .replace(/<[^>]+>/g, "")
    .replace(/https?:\/\/\S*[^\s.,;:!?)]/g, "url")
    .replace(/[*_]{1,2}/g, "")
    .replace(/\b(e\.g|i\.e|etc|vs|no)\./g, "$1");
  return plain
    .split(/(?<=[.!?])["”)]*\s+/)
    .map((text) => ({ text, words: text.split(/\s+/).filter((word) => /\w/.test(word)).length }))
    .filter(({ words }) => words > 0);
}

function paragraphsOf(text: string): readonly string[] {
  const paragraphs: string[][] = [[]];
  for (const line of text.split("\n")) {
    const item = /^\s*(?:[-*+]|\d+\.)\s+(.*)$/.exec(line)?.[1];
    const said = line.trim().replace(/^> ?/, "");
    const ends = said === "" || said.startsWith("|") || said.startsWith("#");
    if (ends) paragraphs.push([]);
    else if (item !== undefined) paragraphs.push([item]);
    else paragraphs.at(-1)?.push(said);
  }
  return paragraphs.map((lines) => lines.join(" ")).filter((paragraph) => paragraph !== "");
}
