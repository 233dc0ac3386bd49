/** The unit of systemd that docs/operations/one-machine.md shows: looked at by systemd's own tools, and its sandbox tried. */
import { execFileSync } from "node:child_process";
import { chmod, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import { installedRelease, NOBODY, ROOT, run } from "./installedRelease.js";
import { inSandbox, sandboxOrNull } from "./sandbox.js";

/** By systemd's scale, where 100 is without any protection. */
const MOST_EXPOSURE = 35;

const hasAnalyze = (() => {
  try {
    execFileSync("systemd-analyze", ["--version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
})();

describe("the unit of systemd", function () {
  this.timeout(900_000);
  let unit: string;

  before(async () => {
    unit = await readFile(join(ROOT, "deploy/signpost.service"), "utf8");
  });

  it("is the one that the page shows", async () => {
    const page = await readFile(join(ROOT, "docs/operations/one-machine.md"), "utf8");
    expect(/```ini\n([^]*?)```/.exec(page)?.[1]).to.equal(unit);
  });

  /** As it is, but for what this machine has elsewhere. */
  async function here(): Promise<string> {
    const { folder } = await installedRelease();
    const file = join(folder, "signpost.service");
    const mine = unit
      .replace("/usr/bin/node", process.execPath)
      .replace("User=signpost", "User=daemon");
    await writeFile(file, mine.replace("/opt/signpost", join(folder, "signpost")));
    return file;
  }

  it("is one that systemd takes without a word (systemd-analyze verify)", async function () {
    if (!hasAnalyze) {
      console.log("      (skipped: there is no systemd-analyze here)");
      this.skip();
    }
    const { stdout, stderr } = await run("systemd-analyze", ["verify", "--man=no", await here()]);
    expect(stdout + stderr).to.equal("");
  });

  it("leaves little open (systemd-analyze security --offline)", async function () {
    if (!hasAnalyze) {
      console.log("      (skipped: there is no systemd-analyze here)");
      this.skip();
    }
    const threshold = `--threshold=${MOST_EXPOSURE}`;
    await run("systemd-analyze", [
      "security",
      "--offline=true",
      "--no-pager",
      threshold,
      await here(),
    ]);
  });

  it("lets the service run under what of it a test can set up: mounts, devices, capabilities, umask", async function () {
    const { folder, home } = await installedRelease();
    const state = join(folder, "unit-state");
    await mkdir(state);
    await chmod(state, 0o777);
    const says = (line: string) => expect(unit.split("\n"), line).to.include(line);
    ["ProtectSystem=strict", "ProtectHome=yes", "PrivateDevices=yes", "UMask=0077"].forEach(says);
    ["NoNewPrivileges=yes", "CapabilityBoundingSet=", "ProtectHostname=yes"].forEach(says);
    ["ProtectKernelTunables=yes", "ProtectControlGroups=yes"].forEach(says);
    const sandbox = await sandboxOrNull({
      prepare: [
        ...["/home", "/root", "/run/user"].map(
          (at) => `[ ! -d ${at} ] || mount -t tmpfs -o mode=0,ro tmpfs ${at}`,
        ),
        privateDevices(join(folder, "dev")),
        ...["/proc/sys", "/sys"].map(
          (at) => `mount --bind ${at} ${at} && mount -o remount,bind,ro ${at}`,
        ),
        "umask 0077",
      ],
      writable: [state],
      user: NOBODY,
      cwd: home,
      env: { SIGNPOST_DIR: join(state, "data"), PORT: "0" },
      strict: true,
    });
    if (sandbox === null) {
      console.log("      (skipped: this kernel, or this user, may make no mount namespace)");
      this.skip();
    }
    const [program = "", ...args] = /^ExecStart=(.*)$/m.exec(unit)?.[1]?.split(" ") ?? [];
    expect(program).to.equal("/usr/bin/node");
    const serving = inSandbox(sandbox, process.execPath, ...args);
    try {
      const url = await serving.printed(/Signpost listens on (http:[^\s"]+)/, 120_000);
      const ready = await fetch(`${url}/health/ready`);
      expect(ready.status, await ready.text()).to.equal(200);
      // its Postgres is found by a command under the same sandbox
      const added = inSandbox(
        sandbox,
        ...[process.execPath, "bin/signpost.mjs", "domain", "add", "users.example.eth"],
        ...["--chain", "31337", "--resolver", `0x${"5f".repeat(20)}`],
      );
      expect(await added.ended, added.output()).to.include({ exitStatus: 0 });
    } finally {
      serving.process.kill("SIGTERM");
    }
    expect(await serving.ended, serving.output()).to.include({ exitStatus: 0 });
  });
});

/** What systemd's PrivateDevices=yes leaves, made at a folder that is not there yet. */
function privateDevices(at: string): string {
  return `
  mkdir "${at}" && mount -t tmpfs -o mode=755 tmpfs "${at}"
  for device in null zero full random urandom tty; do
    touch "${at}/$device" && mount --bind /dev/$device "${at}/$device"
  done
  for folder in shm pts; do
    [ ! -d /dev/$folder ] || { mkdir "${at}/$folder" && mount --bind /dev/$folder "${at}/$folder"; }
  done
  ln -s /proc/self/fd "${at}/fd"
  mount --move "${at}" /dev && rmdir "${at}"`;
}
