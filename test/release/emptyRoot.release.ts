/** The container file, built and run by its own steps in an empty root: what only this machine has, such as a library, is missing there. */
import { cp, mkdir, readFile, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { expect } from "chai";
import { freePort } from "../../src/demo/freePort.js";
import { type Instruction, sentContext, stagesOf, words } from "./containerFile.js";
import { emptyRoot, type InRoot, inRoot, npmAsHere } from "./emptyRoot.js";
import { installedRelease, ROOT, run } from "./installedRelease.js";

/** What an engine sets for every container. */
const PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
const PORT = "8080";

describe("the container file, in an empty root", function () {
  this.timeout(1_800_000);

  it("is built from the release alone, and serves as its user, on a root that cannot be written", async function () {
    const { folder, home } = await installedRelease();
    const base = join(folder, "root-base");
    const made = await emptyRoot(base);
    if (made.root === null) {
      console.log(`      (skipped: ${made.missing})`);
      this.skip();
    }
    const [install = [], last = []] = stagesOf(
      await readFile(join(ROOT, "deploy/Containerfile"), "utf8"),
    );
    const context = join(folder, "root-context");
    await cp(home, context, {
      recursive: true,
      filter: (path) => path !== join(home, "node_modules"),
    });
    // both stages begin from the same image
    const empty = join(folder, "root-image");
    await run("cp", ["--archive", base, empty]);
    const first = await build(install, base, await sentContext(context));
    const image = await build(last, empty, first.root);

    const valueOf = (word: string) => last.find((one) => one.word === word)?.rest ?? "";
    const volume = valueOf("VOLUME");
    const state = join(folder, "root-state");
    // an engine makes the volume with the owner and rights that the image has there
    await run("cp", ["--archive", `${image.root}${volume}`, state]);
    const port = String(await freePort()); // beside whatever else runs on this machine
    const container: InRoot = {
      ...image,
      user: valueOf("USER"),
      env: { ...image.env, HOST: "127.0.0.1", PORT: port },
      mounts: { [volume]: state },
      readOnly: true,
    };
    const health = async () => {
      const [, command = "[]"] = /CMD (\[.*\])$/.exec(valueOf("HEALTHCHECK")) ?? [];
      const checking = inRoot(container, ...words(command.replace(PORT, port)));
      return (await checking.ended).exitStatus;
    };
    const serving = inRoot(container, ...words(valueOf("ENTRYPOINT")), ...words(valueOf("CMD")));
    try {
      await serving.printed(/Signpost listens on http:\S+/, 120_000);
      expect(await health()).to.equal(0);
      const ready = await fetch(`http://127.0.0.1:${port}/health/ready`);
      expect(await ready.json()).to.include({ status: "ready" });
      const status = await fetch(`http://127.0.0.1:${port}/status`);
      expect(status.status).to.equal(200);
    } finally {
      serving.process.kill(valueOf("STOPSIGNAL") as NodeJS.Signals);
    }
    expect(await serving.ended, serving.output()).to.include({ exitStatus: 0 });
    expect(await health(), "nobody answers any more").to.equal(1);
  });
});

/**
 * Does what a stage says; returns what its instructions set.
 * @param source of what is copied: the context, or the root of the stage before
 */
async function build(
  stage: readonly Instruction[],
  root: string,
  source: string,
): Promise<Pick<InRoot, "root" | "cwd" | "env">> {
  let cwd = "/";
  let env: Record<string, string> = { PATH };
  for (const { word, rest } of stage) {
    if (word === "WORKDIR") {
      cwd = rest;
      await mkdir(join(root, cwd), { recursive: true });
    } else if (word === "ENV") {
      const pairs = rest.split(" ").map((pair) => pair.split("=") as [string, string]);
      env = { ...env, ...Object.fromEntries(pairs) };
    } else if (word === "RUN") await runStep(rest, { root, cwd, env });
    else if (word === "COPY") await copyStep(rest, join(root, cwd), root, source);
  }
  return { root, cwd, env };
}

async function runStep(step: string, at: InRoot): Promise<void> {
  const npm = /\bnpm\b/.test(step) ? await npmAsHere() : { env: {} };
  const run = inRoot({ ...at, ...npm, env: { ...at.env, ...npm.env } }, "sh", "-c", step);
  const { exitStatus } = await run.ended;
  expect(exitStatus, `${step}\n${run.output()}`).to.equal(0);
}

/** Of a folder, its content is copied. */
async function copyStep(rest: string, cwd: string, root: string, source: string): Promise<void> {
  const names = rest.replace(/^--from=\S+ /, "").split(" ");
  const given = names.pop() ?? "";
  const to = given.startsWith("/") ? join(root, given) : join(cwd, given);
  for (const name of names) {
    const from = join(source, name);
    const isFolder = (await stat(from)).isDirectory();
    if (isFolder) await mkdir(to, { recursive: true });
    await run("cp", [
      "--archive",
      isFolder ? `${from}/.` : from,
      isFolder ? to : join(to, basename(name)),
    ]);
  }
}
