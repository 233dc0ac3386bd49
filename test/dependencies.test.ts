import { readFile } from "node:fs/promises";
import { expect } from "chai";

const KINDS = ["dependencies", "devDependencies", "optionalDependencies"] as const;

describe("docs/dependencies.md", () => {
  it("has a line for every dependency, and none for what is gone", async () => {
    const manifest = JSON.parse(await readFile("package.json", "utf8")) as Record<
      (typeof KINDS)[number],
      Record<string, string>
    >;
    const packages = KINDS.flatMap((kind) => Object.keys(manifest[kind]));
    const tables = (await readFile("docs/dependencies.md", "utf8"))
      .split("\n")
      .filter((line) => line.startsWith("|"))
      .map((line) => line.split("|")[1] ?? "");
    const named = tables.flatMap((cell) =>
      [...cell.matchAll(/`([^`]+)`/g)].map(([, name]) => name!),
    );
    const covers = (pattern: string, name: string) =>
      pattern.endsWith("*") ? name.startsWith(pattern.slice(0, -1)) : name === pattern;
    const lineless = packages.filter((name) => !named.some((pattern) => covers(pattern, name)));
    const gone = named.filter((pattern) => !packages.some((name) => covers(pattern, name)));
    expect({ lineless, gone }).to.deep.equal({ lineless: [], gone: [] });
  });
});
