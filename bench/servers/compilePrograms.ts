/**
 * The programs of the peers as plain JavaScript, as our own service is: a loader that compiles at the start runs a
 * process of its own, which would count as theirs.
 */
import { mkdir, mkdtemp, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import ts from "typescript";

const PROGRAMS = new URL("../programs/", import.meta.url);

/** Returns the folder that they are in, below `folder`, which has to be in this package: they find theirs from there. */
export async function compilePrograms(folder: string): Promise<string> {
  await mkdir(folder, { recursive: true });
  const compiled = await mkdtemp(join(folder, "bench-programs-"));
  for (const file of await readdir(PROGRAMS)) {
    const source = await readFile(new URL(file, PROGRAMS), "utf8");
    const { outputText } = ts.transpileModule(source, {
      compilerOptions: {
        module: ts.ModuleKind.ESNext,
        target: ts.ScriptTarget.ES2023,
        verbatimModuleSyntax: true,
      },
    });
    // where they are then, the built service is as far away as its sources are from here
    const code = outputText.replaceAll('"../../src/', '"../../dist/');
    await writeFile(join(compiled, file.replace(/\.ts$/, ".js")), code);
  }
  return compiled;
}
