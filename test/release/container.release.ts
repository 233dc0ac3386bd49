/**
 * The container file and the compose file. There is no container engine here: they are read, compared with the product, and the steps of
 * the container file are done in a mount namespace, from the release alone.
 */
import { once } from "node:events";
import { existsSync } from "node:fs";
import { chmod, cp, mkdir, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { type AddressInfo, createServer } from "node:net";
import { basename, dirname, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { expect } from "chai";
import { parse } from "yaml";
import { type Instruction, sentContext, stagesOf, words } from "./containerFile.js";
import { installedRelease, ROOT, run } from "./installedRelease.js";
import { inSandbox, type Sandbox, sandboxOrNull } from "./sandbox.js";

/** What the image has of a release, beside what npm installs. */
const CONTENT = ["artifacts", "bin", "dist", "npm-shrinkwrap.json", "package.json"];
/** What operators have in the folder of a release, and no image may carry. */
const PLANTED = [
  ...[".env", "deploy/.env", "deploy/signpost.env", "signpost.env", ".npmrc"],
  ...[
    ".signpost/signer.key",
    "deploy/.signpost/signer.key",
    "signpost.dump",
    "node_modules/planted",
  ],
];
const PLANT = "planted by the test";

const PORT = 8080;

describe("the container file", function () {
  this.timeout(900_000);
  let stages: readonly (readonly Instruction[])[];
  /** Beside whatever else runs on this machine. */
  let port: number;

  before(async () => {
    port = await freePort();
    stages = stagesOf(await readFile(join(ROOT, "deploy/Containerfile"), "utf8"));
  });

  const all = (word: string) =>
    stages
      .flat()
      .filter((one) => one.word === word)
      .map(({ rest }) => rest);
  const only = (word: string) => {
    const found = all(word);
    expect(found, word).to.have.length(1);
    return found[0] ?? "";
  };

  it("installs the release on one version of Node, which the README names, and runs it as nobody in particular", async () => {
    expect(all("FROM").map((from) => from.split(" ")[0])).to.deep.equal(
      Array(2).fill("docker.io/library/node:24-bookworm-slim"),
    );
    expect(await readFile(join(ROOT, "README.md"), "utf8")).to.match(/production[^.]*Node 24/i);
    expect(only("USER")).to.match(/^[1-9]\d{3,}:[1-9]\d{3,}$/);
    const words = stages.at(-1)?.map(({ word }) => word) ?? [];
    expect(words.lastIndexOf("RUN"), "nothing is made by the user that serves").to.be.below(
      words.indexOf("USER"),
    );
    expect(all("COPY").at(-1)).to.equal("--from=install /opt/signpost /opt/signpost");
    expect(all("ADD")).to.deep.equal([]);
    expect(only("EXPOSE")).to.equal(String(PORT));
  });

  it("takes nothing from its folder but the program, whether or not an engine reads the ignore file", async () => {
    const { folder } = await installedRelease();
    const context = await plantedContext(folder);
    const sent = await sentContext(context);
    const [first = []] = stages;
    expect(await plantedIn(sent), "sent to the engine").to.deep.equal([]);
    for (const [name, given] of Object.entries({ sent, context })) {
      const copied = join(folder, `copied-${name}`);
      await stepsIn(
        copied,
        first.filter(({ word }) => word === "COPY"),
        given,
      );
      expect(await plantedIn(copied), name).to.deep.equal([]);
      expect((await readdir(copied)).sort()).to.deep.equal(CONTENT);
    }
  });

  it("serves from its own steps, on a file system that is read-only but for its volume and /tmp", async function () {
    const { folder } = await installedRelease();
    const [image, state, temporary] = ["image", "volume", "tmp"].map((name) => join(folder, name));
    if (image === undefined || state === undefined || temporary === undefined) throw new Error();
    for (const one of [image, state, temporary]) await mkdir(one);
    await chmod(temporary, 0o777);
    const [first = [], last = []] = stages;
    expect([first[0]?.word, last[0]?.word]).to.deep.equal(["FROM", "FROM"]);
    // the first stage, in a folder that stands for the image
    const build = join(folder, "build");
    await stepsIn(build, first, await sentContext(await plantedContext(folder)));
    await writeFile(join(folder, "passwd"), await readFile("/etc/passwd", "utf8"));
    const steps = last.filter(({ word }) => word === "RUN").map(({ rest }) => rest);
    const env = Object.fromEntries(
      all("ENV").flatMap((line) =>
        line.split(" ").map((pair) => pair.split("=") as [string, string]),
      ),
    );
    const [user = ""] = only("USER").split(":");
    const volume = only("VOLUME");
    const sandbox = await sandboxOrNull({
      prepare: [
        `mount --bind "${join(folder, "passwd")}" /etc/passwd`,
        // /opt and the folder above the volume, as an image without them has them
        `mount -t tmpfs tmpfs /opt && mkdir /opt/signpost && mount --bind "${build}" /opt/signpost`,
        `mount --bind "${image}" /var/lib`,
        // an engine makes the volume with the owner and rights that the image has there
        ...steps,
        `chown --reference=${volume} "${state}" && chmod --reference=${volume} "${state}" && mount --bind "${state}" ${volume}`,
        `mount --bind "${temporary}" /tmp`,
      ],
      writable: [volume, "/tmp"],
      user: Number(user),
      cwd: last.find(({ word }) => word === "WORKDIR")?.rest ?? "",
      env: { ...env, HOST: "127.0.0.1", PORT: String(port) },
      strict: true,
    });
    if (sandbox === null) {
      console.log("      (skipped: this kernel, or this user, may make no mount namespace)");
      this.skip();
    }
    const [program, ...given] = [...words(only("ENTRYPOINT")), ...words(only("CMD"))];
    expect(program).to.equal("node");
    const serving = inSandbox(sandbox, process.execPath, ...given);
    try {
      await serving.printed(/Signpost listens on http:\S+/, 120_000);
      expect(await health(sandbox)).to.equal(0);
      expect(serving.output()).not.to.match(/eight times as long/);
      expect(await (await fetch(`http://127.0.0.1:${port}/health/ready`)).json()).to.include({
        status: "ready",
      });
    } finally {
      serving.process.kill(only("STOPSIGNAL") as NodeJS.Signals);
    }
    expect(await serving.ended, serving.output()).to.include({ exitStatus: 0 });
    await delay(100);
    expect(await health(sandbox), "nobody answers any more").to.equal(1);
  });

  async function health(sandbox: Sandbox): Promise<number | null> {
    const [, command = "[]"] = /CMD (\[.*\])$/.exec(only("HEALTHCHECK")) ?? [];
    expect(command).to.include(`http://127.0.0.1:${PORT}/`);
    const [, ...args] = JSON.parse(command.replace(String(PORT), String(port))) as string[];
    return (await inSandbox(sandbox, process.execPath, ...args).ended).exitStatus;
  }
});

describe("the compose file", () => {
  let compose: Compose;
  let text: string;

  before(async () => {
    text = await readFile(join(ROOT, "deploy/compose.yaml"), "utf8");
    compose = parse(text, { strict: true }) as Compose;
  });

  it("gives the service no more than it needs, and shows it to this machine alone", () => {
    const { signpost } = compose.services;
    expect(signpost).to.deep.include({
      read_only: true,
      cap_drop: ["ALL"],
      security_opt: ["no-new-privileges:true"],
      ports: [`127.0.0.1:${PORT}:${PORT}`],
      tmpfs: ["/tmp:mode=1777"],
      restart: "unless-stopped",
    });
    for (const service of Object.values(compose.services)) {
      expect(service).not.to.have.any.keys(
        "privileged",
        "network_mode",
        "pid",
        "cap_add",
        "devices",
      );
    }
    expect(compose.services.database).not.to.have.property("ports");
  });

  it("agrees with the container file, and with the settings", async () => {
    const { signpost, database } = compose.services;
    const file = await readFile(join(ROOT, "deploy/Containerfile"), "utf8");
    expect(file)
      .to.include(`USER ${signpost.user ?? ""}\n`)
      .and.include(`CMD ${JSON.stringify(signpost.command)}\n`);
    expect(signpost.build).to.deep.equal({ context: "..", dockerfile: "deploy/Containerfile" });
    const settings = await readFile(join(ROOT, ".env.example"), "utf8");
    for (const name of Object.keys(signpost.environment)) expect(settings).to.include(`# ${name}=`);
    expect(signpost.volumes).to.deep.equal([`state:${/^VOLUME (.*)$/m.exec(file)?.[1] ?? ""}`]);
    const volumes = Object.values(compose.services).flatMap((one) =>
      one.volumes.map((volume) => volume.split(":")[0] ?? ""),
    );
    expect(Object.keys(compose.volumes).sort()).to.deep.equal(volumes.sort());
    const { DATABASE_URL = "" } = signpost.environment;
    const url = new URL(DATABASE_URL.replace(/\$\{[^}]*\}/, "password"));
    expect([url.username, url.hostname, url.pathname.slice(1)]).to.deep.equal([
      database.environment["POSTGRES_USER"],
      "database",
      database.environment["POSTGRES_DB"],
    ]);
    expect(signpost.depends_on).to.deep.equal({ database: { condition: "service_healthy" } });
    expect(database.healthcheck?.test.join(" ")).to.match(/^CMD pg_isready .*signpost/);
  });

  it("holds no secret, and wants the one that it needs", () => {
    expect(text.match(/\$\{[^}]*\}/g)).to.deep.equal(
      Array(2).fill("${DATABASE_PASSWORD:?set it in .env}"),
    );
  });
});

/** The release with an operator's files in its folder. */
async function plantedContext(folder: string): Promise<string> {
  const context = join(folder, "context");
  if (existsSync(context)) return context;
  const { home } = await installedRelease();
  await cp(home, context, {
    recursive: true,
    filter: (path) => path !== join(home, "node_modules"),
  });
  for (const file of PLANTED) {
    await mkdir(dirname(join(context, file)), { recursive: true });
    await writeFile(join(context, file), PLANT);
  }
  return context;
}

async function plantedIn(folder: string): Promise<readonly string[]> {
  const { stdout } = await run("bash", ["-c", `grep -rl "${PLANT}" . || true`], { cwd: folder });
  return stdout.split("\n").filter((line) => line !== "");
}

/** Does what the instructions of a first stage say, with `image` in the place of its WORKDIR. */
async function stepsIn(
  image: string,
  instructions: readonly Instruction[],
  context: string,
): Promise<void> {
  await mkdir(image);
  for (const { word, rest } of instructions) {
    if (word === "RUN") await run("bash", ["-c", rest], { cwd: image });
    if (word !== "COPY") continue;
    const names = rest.split(" ");
    const to = join(image, names.pop() ?? "");
    for (const name of names) {
      const from = join(context, name);
      // of a folder, its content is copied
      const isFolder = (await stat(from)).isDirectory();
      await cp(from, isFolder ? to : join(to, basename(name)), { recursive: true });
    }
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}

interface ComposeService {
  readonly user?: string;
  readonly command?: readonly string[];
  readonly build?: unknown;
  readonly environment: Readonly<Record<string, string>>;
  readonly volumes: readonly string[];
  readonly depends_on?: unknown;
  readonly healthcheck?: { readonly test: readonly string[] };
}

interface Compose {
  readonly services: Readonly<Record<"signpost" | "database", ComposeService>>;
  readonly volumes: Readonly<Record<string, unknown>>;
}
