/**
 * The commands of docs/operations/installing.md in their order, as root in namespaces of their own: folders of the system are copies, and
 * nobody else's port is in the way. Two are not run as they stand: `systemctl`, in whose place a stand-in starts the service as its unit
 * says, and `npm ci`, which was done before.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { cp, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import { expectInOrder } from "../guides/guideScript.js";
import { installedRelease, PRODUCTION, ROOT, run } from "./installedRelease.js";

const VERSIONS = ["0.1.0", "0.2.0"] as const;

describe("the page for installing", function () {
  this.timeout(900_000);

  it("installs, upgrades, rolls back, restores and removes, and keeps the names until the end", async function () {
    const { folder, home } = await installedRelease();
    const work = join(folder, "installing");
    await mkdir(join(work, "root"), { recursive: true });
    for (const version of VERSIONS) await packAs(version, home, work);
    const page = await readFile(join(ROOT, "docs/operations/installing.md"), "utf8");
    const blocks = [...page.matchAll(/^```sh\n(.*?)^```$/gms)].map(([, block = ""]) => block);
    const backup = blocks.findIndex((block) => block.includes("/var/backups/"));
    expect(backup).to.be.above(0);
    expect(blocks.join(""), "a wait without an end").not.to.match(/\b(until|while)\b/);
    const script = [
      ...[MACHINE, ...blocks.slice(0, backup), A_NAME],
      ...[...blocks.slice(backup), LEFT],
    ].join("\n");
    const child = spawn(
      "unshare",
      ["--mount", "--net", "bash", "-ev", "-o", "pipefail", "-c", script],
      {
        cwd: join(work, "root"),
        env: {
          ...PRODUCTION,
          PATH: `${PRODUCTION.PATH}:/usr/sbin:/sbin`,
          WORK: work,
          NODE_MODULES: join(home, "node_modules"),
        },
        stdio: ["ignore", "pipe", "pipe"],
      },
    );
    let output = "";
    let printed = "";
    child.stdout.on(
      "data",
      (chunk: Buffer) => ((output += chunk.toString()), (printed += chunk.toString())),
    );
    child.stderr.on("data", (chunk: Buffer) => (output += chunk.toString()));
    const [status] = (await once(child, "close")) as [number | null];
    if (/unshare failed|unshare: /.test(output)) {
      console.log("      (skipped: this kernel, or this user, may make no namespaces)");
      this.skip();
    }
    expect(status, output).to.equal(0);
    expectInOrder(printed, [
      /"status":"ready"/,
      /0x[0-9a-fA-F]{40} {2}its key: the file/,
      /users\.example\.eth is served\./,
      /"status":"ready"/,
      /0\.2\.0$/m,
      /"status":"ready"/,
      /0\.1\.0$/m,
      /"status":"ready"/,
      /users\.example\.eth/,
      /^1 names, 1 entries: every history holds\.$/m,
      /users\.example\.eth is exported to users\.ndjson/,
      /^nothing is left$/m,
    ]);
    // the newer version brought its tables, on which the older one went on
    expect(await readFile(join(work, "service.log"), "utf8")).to.match(/Signpost listens on/);
  });
});

/** The release as a tarball of this version. The later one brings one table more. */
async function packAs(
  version: (typeof VERSIONS)[number],
  home: string,
  work: string,
): Promise<void> {
  const unpacked = join(work, version, "package");
  await cp(home, unpacked, {
    recursive: true,
    filter: (path) => !path.startsWith(join(home, "node_modules")),
  });
  for (const file of ["package.json", "npm-shrinkwrap.json"]) {
    const json = JSON.parse(await readFile(join(unpacked, file), "utf8")) as object;
    await writeFile(join(unpacked, file), JSON.stringify({ ...json, version }));
  }
  if (version === "0.2.0") {
    const migrations = join(unpacked, "dist/capabilities/registry/migrations");
    await writeFile(
      join(migrations, await nextOf(migrations)),
      "create table of_the_next_version (id integer);\n",
    );
  }
  const tarball = join(work, "root", `signpost-${version}.tgz`);
  await run("tar", ["-czf", tarball, "-C", join(work, version), "package"]);
}

async function nextOf(migrations: string): Promise<string> {
  const { stdout } = await run("ls", [migrations]);
  const last = Math.max(...stdout.split("\n").map((name) => Number(name.slice(0, 4)) || 0));
  return `${String(last + 1).padStart(4, "0")}_of_the_next_version.sql`;
}

/** A machine of its own for the page: copies of what it writes to, systemd's part, and packages that are here already. */
const MACHINE = String.raw`
mount --make-rprivate /
ip link set lo up
cp -a /etc "$WORK/etc" && mount --bind "$WORK/etc" /etc
for at in /opt /var/lib /var/backups /usr/local/bin; do
  mkdir -p "$WORK/mounts$at" && mount --bind "$WORK/mounts$at" "$at"
done
npm() {
  [ "$*" = ci ] || command npm "$@"
  cp -a "$NODE_MODULES" node_modules
}
of_unit() { sed -n "s/^$1=//p" /etc/systemd/system/signpost.service; }
systemctl() {
  case "$*" in
    daemon-reload) ;;
    "enable --now signpost" | "start signpost")
      install -d -o "$(of_unit User)" -g "$(of_unit User)" -m "$(of_unit StateDirectoryMode)" "/var/lib/$(of_unit StateDirectory)"
      (
        set -a && . "$(of_unit EnvironmentFile)" && set +a
        cd "$(of_unit WorkingDirectory)" && umask "$(of_unit UMask)"
        exec setpriv --reuid "$(of_unit User)" --regid "$(of_unit User)" --init-groups --no-new-privs --bounding-set=-all $(of_unit ExecStart)
      ) >> "$WORK/service.log" 2>&1 &
      echo $! > "$WORK/pid" ;;
    "stop signpost" | "disable --now signpost")
      kill "$(cat "$WORK/pid")"
      while kill -0 "$(cat "$WORK/pid")" 2> /dev/null; do sleep 0.1; done ;;
    "restart signpost") systemctl stop signpost && systemctl start signpost ;;
    *) echo "no stand-in for systemctl $*" >&2; return 1 ;;
  esac
}
trap 'cat "$WORK/service.log" >&2; kill "$(cat "$WORK/pid")" 2> /dev/null || true' ERR
`;

/** A name with a history, so that the restored backup has something to verify. */
const A_NAME = String.raw`
printf 'label,url\nalice,https://alice.example\n' > table.csv
signpost import table.csv --domain users.example.eth --text url=url --env-file /etc/signpost.env
`;

/** What a person would look for on the machine afterwards. */
const LEFT = String.raw`
if getent passwd signpost > /dev/null || ls -d /opt/signpost* /var/lib/signpost* /etc/signpost* /usr/local/bin/signpost 2> /dev/null; then exit 1; fi
[ -s users.ndjson ] && [ -s /var/backups/signpost/data.tar.gz ] && echo "nothing is left"
`;
