/** How pictures of commands are drawn, and that those of the pages show nothing of the machine that drew them. */
import { readFile } from "node:fs/promises";
import { expect } from "chai";
import { moving, still } from "../../scripts/pictures/drawing.js";
import { screenOf } from "../../scripts/pictures/screen.js";

const MOST_BYTES = 150_000;
const COLUMNS = 20;

const shown = (...texts: string[]) =>
  screenOf(
    texts.map((text, at) => ({ atMs: at * 1000, text })),
    COLUMNS,
  );
const plain = (...texts: string[]) =>
  shown(...texts).map(({ cells }) => cells.map(({ char }) => char).join(""));

describe("pictures of commands", () => {
  it("show what a terminal shows in the end: lines that were written over, tabs of colour, wrapped rows", () => {
    expect(plain("checking a ...", "\r\u001b[Kchecking b ...", "\r\u001b[Kok\r\n")).to.deep.equal([
      "ok",
    ]);
    expect(plain(`${"x".repeat(COLUMNS)}yz\r\n\r\nend\r\n`)).to.deep.equal([
      "x".repeat(COLUMNS),
      "yz",
      "",
      "end",
    ]);
    const [row] = shown("\u001b[1m\u001b[3", "2mok\u001b[39m\u001b[22m no");
    expect(row?.cells.map(({ style }) => style)).to.deep.equal([
      ...["green bold", "green bold"],
      ...["", "", ""],
    ]);
  });

  it("are not drawn where a command writes what is not understood", () => {
    expect(() => shown("\u001b[2J")).to.throw(/Unknown sequence/);
    expect(() => shown("\u001b[38;5;3mx")).to.throw(/Unknown colour: 38/);
    expect(() => shown("a\bb")).to.throw(/Unknown sign/);
  });

  it("hold text as text, each run in its columns", () => {
    const rows = shown("\u001b[31m<a>&\u001b[39m  b\r\n");
    const picture = still({ title: "t", columns: COLUMNS, command: "c", rows });
    expect(picture)
      .to.include('<text x="0.0" y="31" textLength="31.2" class="red">&lt;a&gt;&amp;</text>')
      .and.include('<text x="46.8" y="31" textLength="7.8">b</text>');
  });

  it("move by CSS alone, row by row, and show their end where nothing may move", () => {
    const picture = moving({
      ...{ title: "t", columns: COLUMNS, command: "c" },
      rows: shown("a\r\nb\r\n", "c\r\n"),
    });
    const [, steps = ""] = /@keyframes down \{ (.*) \}$/m.exec(picture) ?? [];
    const shifts = [...steps.matchAll(/translateY\((\d+)px\)/g)].map(([, px]) => Number(px) / 18);
    expect(shifts).to.deep.equal([1, 2, 3, 4]);
    expect(picture)
      .to.include("prefers-reduced-motion")
      .and.not.match(/<script|<animate/);
    expect(picture).to.match(/\.cover \{ transform: translateY\(72px\)/);
  });

  for (const name of ["demo", "doctor"]) {
    it(`of ${name}: small, by itself, and without a name of a machine`, async () => {
      const picture = await readFile(`docs/pictures/${name}.svg`, "utf8");
      expect(Buffer.byteLength(picture)).to.be.below(MOST_BYTES);
      expect(picture).not.to.match(/href|url\(|\/root|\/home|\/tmp/);
    });
  }
});
