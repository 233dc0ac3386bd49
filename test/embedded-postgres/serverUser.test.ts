/** What concerns users and permissions. Some of it happens only to root, and is tested only there. */
import { execFile } from "node:child_process";
import {
  chmod,
  chown,
  cp,
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  realpath,
  rm,
  stat,
  symlink,
} from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect } from "chai";
import { openPool } from "../../src/db/pool.js";
import { findBinaries } from "../../src/embedded-postgres/binaries.js";
import { startEmbeddedPostgres } from "../../src/embedded-postgres/embeddedPostgres.js";
import { reachableBinaries } from "../../src/embedded-postgres/reachableBinaries.js";
import { serverUser } from "../../src/embedded-postgres/serverUser.js";
import {
  makeSocketFolder,
  makeSocketFolderAmong,
  socketFolderOf,
  socketFoldersOf,
} from "../../src/embedded-postgres/socketFolder.js";
import { expectRejection } from "../expectError.js";

const run = promisify(execFile);

describe("db/embedded permissions", () => {
  let root: string;

  beforeEach(async () => {
    root = await realpath(await mkdtemp("/tmp/signpost-test-")); // mode 0700
  });

  afterEach(() => rm(root, { recursive: true, force: true }));

  describe("the socket's folder", () => {
    it("is made for the server's user alone, and taken again", async () => {
      const user = await serverUser(null);
      const folder = join(root, "socket");
      await makeSocketFolder(folder, user);
      await makeSocketFolder(folder, user);
      const { mode, uid } = await stat(folder);
      expect(mode & 0o777).to.equal(0o700);
      expect(uid).to.equal(user.uid ?? process.getuid?.());
    });

    it("is refused when others may enter", async () => {
      await mkdir(join(root, "socket"));
      await chmod(join(root, "socket"), 0o750);
      await refused(join(root, "socket"), process.getuid?.() ?? 0);
      expect((await stat(join(root, "socket"))).mode & 0o777).to.equal(0o750);
    });

    it("is refused when it is another user's", async () => {
      await mkdir(join(root, "socket"), { mode: 0o700 });
      await refused(join(root, "socket"), (process.getuid?.() ?? 0) + 1);
    });

    it("is refused when it is a link, even to a folder that would do", async () => {
      await mkdir(join(root, "elsewhere"), { mode: 0o700 });
      await symlink(join(root, "elsewhere"), join(root, "socket"));
      await refused(join(root, "socket"), process.getuid?.() ?? 0);
    });

    it("lies beside the data where /tmp cannot be written, and fails with a sentence where nothing can", async () => {
      const beside = socketFoldersOf("/var/lib/signpost/postgres/data");
      expect(beside[0]).to.match(/^\/tmp\/signpost-/);
      expect(beside[1]).to.equal("/var/lib/signpost/postgres/socket");
      expect(socketFoldersOf(`/${"deep/".repeat(20)}data`)).to.have.length(1);
      // nobody, root included, makes a folder in /sys
      const folder = join(root, "beside");
      await makeSocketFolderAmong([folder], {});
      await expectRejection(
        makeSocketFolderAmong(["/sys/signpost", "/sys/another"], {}),
        "INVALID_CONFIGURATION",
        /^No folder for the socket .*\/sys\/signpost, \/sys\/another\. Let this process write to \/tmp/,
      );
      expect(await makeSocketFolderAmong(["/sys/signpost", folder], {})).to.equal(folder);
    });

    it("has a short path that depends on the data alone", () => {
      const deep = socketFolderOf(`/${"deep/".repeat(200)}data`);
      expect(`${deep}/.s.PGSQL.5432.lock`.length).to.be.below(100);
      expect(deep).to.equal(socketFolderOf(`/${"deep/".repeat(200)}data`));
      expect(deep).not.to.equal(socketFolderOf(`/${"deep/".repeat(201)}data`));
    });

    async function refused(folder: string, uid: number): Promise<void> {
      // without a gid, so that the folder's owner is compared, and not set
      const action = makeSocketFolder(folder, { uid });
      await expectRejection(action, "INVALID_CONFIGURATION", /is not a private folder.*delete it/);
    }
  });

  if (process.getuid?.() === 0) {
    describe("as root", function () {
      this.timeout(180_000);

      it("keeps the data outside a folder that the server's user cannot enter", async () => {
        const systemDir = await mkdtemp("/tmp/signpost-system-");
        await chmod(systemDir, 0o755);
        const dir = join(root, "checkout", ".signpost", "postgres");
        try {
          const first = await startEmbeddedPostgres({ dir, systemDir });
          expect(first.dataDir).to.match(RegExp(`^${systemDir}/postgres-[0-9a-f]{12}$`));
          expect((await lstat(join(dir, "data"))).isSymbolicLink()).to.equal(true);
          expect(await realpath(join(dir, "data"))).to.equal(first.dataDir);
          expect((await stat(root)).mode & 0o777).to.equal(0o700);
          const pool = openPool({ url: first.url });
          await pool.query("create table kept as select 1 as value");
          await first.stop();

          const second = await startEmbeddedPostgres({ dir, systemDir });
          expect(second).to.deep.include({ url: first.url, dataDir: first.dataDir });
          const { rows } = await pool.query("select value from kept");
          expect(rows).to.deep.equal([{ value: 1 }]);
          await pool.end();
          await second.stop();
          // a copy of the binaries lies beside it, where this checkout is closed to the server's user
          const folders = (await readdir(systemDir)).filter(
            (name) => !/^postgres-\d+\./.test(name),
          );
          expect(folders).to.have.length(1);

          await rm(first.dataDir, { recursive: true });
          await expectRejection(
            startEmbeddedPostgres({ dir, systemDir }),
            "INVALID_CONFIGURATION",
            /does not exist any more.*delete the link/,
          );
          await rm(socketFolderOf(first.dataDir), { recursive: true });
        } finally {
          await rm(systemDir, { recursive: true, force: true });
        }
      });

      it("copies binaries that the server's user cannot run, once", async () => {
        const systemDir = await mkdtemp("/tmp/signpost-system-");
        await chmod(systemDir, 0o755);
        try {
          const user = await serverUser(null);
          const { copyable, majorVersion } = await findBinaries();
          const closed = join(root, "native");
          await cp(copyable?.folder ?? "", closed, { recursive: true, verbatimSymlinks: true });
          await run("chmod", ["-R", "go-rwx", closed]); // as npm leaves them under umask 077
          const folder = { folder: closed, version: "0.0.1" };
          const binaries = { bin: join(closed, "bin"), majorVersion, copyable: folder };
          const both = await Promise.all([
            reachableBinaries(binaries, systemDir, user),
            reachableBinaries(binaries, systemDir, user),
          ]);
          const bin = join(systemDir, "postgres-0.0.1", "bin");
          expect(both).to.deep.equal([bin, bin]);
          const { stdout } = await run(join(bin, "postgres"), ["--version"], { ...user, cwd: "/" });
          expect(stdout).to.contain(` ${majorVersion}.`);
          const { ctimeMs } = await stat(bin);
          await reachableBinaries(binaries, systemDir, user);
          expect((await stat(bin)).ctimeMs).to.equal(ctimeMs);
          expect(await readdir(systemDir)).to.deep.equal(["postgres-0.0.1"]);
        } finally {
          await rm(systemDir, { recursive: true, force: true });
        }
      });

      it("runs the server as the owner of existing data", async () => {
        await mkdir(join(root, "data"));
        await chown(join(root, "data"), 4321, 4322);
        expect(await serverUser(join(root, "data"))).to.deep.equal({ uid: 4321, gid: 4322 });
        expect((await serverUser(null)).uid).not.to.equal(0);
      });
    });
  }
});
