/** The vectors that are checked in are those of the generator, which knows nothing of `src`. */
import { readdir, readFile } from "node:fs/promises";
import { expect } from "chai";
import { FORMATS } from "./make/formats.js";
import { readFiles, VECTORS } from "./vectorFiles.js";

describe("test/vectors", () => {
  for (const [format, filesOf] of Object.entries(FORMATS)) {
    it(`${format}: has exactly the files of its generator`, async () => {
      const made = await filesOf();
      const there = await readFiles(format);
      expect([...there.keys()], "run `npm run vectors`").to.have.members([...made.keys()]);
      for (const [path, text] of made) expect(there.get(path), path).to.equal(text);
    });

    it(`${format}: has a README that names every field of its input`, async () => {
      const readme = await readFile(new URL(`${format}/README.md`, VECTORS), "utf8");
      const files = [...(await readFiles(format)).values()];
      const fields = files.flatMap((text) => {
        const { input, expected } = JSON.parse(text) as { input: object; expected?: object };
        return [...Object.keys(input), ...Object.keys(expected ?? {})];
      });
      for (const field of new Set(fields)) expect(readme).to.include(`\`${field}\``);
    });
  }

  it("has no folder without a generator", async () => {
    const entries = await readdir(VECTORS, { withFileTypes: true });
    const folders = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
    expect(folders).to.have.members(Object.keys(FORMATS));
  });

  it("is made without anything of src, so that it is another implementation", async () => {
    const folder = new URL("make/", import.meta.url);
    for (const name of await readdir(folder)) {
      expect(await readFile(new URL(name, folder), "utf8"), name).not.to.include("/src/");
    }
  });
});
