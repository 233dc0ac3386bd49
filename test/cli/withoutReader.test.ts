/** `signpost ... | head -1`: a reader that has enough ends nothing with a stack trace. */
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect } from "chai";

const SIGNPOST = fileURLToPath(new URL("../../bin/signpost.mjs", import.meta.url));

describe("a command whose output nobody reads any more", function () {
  this.timeout(180_000);

  it("ends quietly", async () => {
    // the reader is gone before a word is written
    const script = `{ sleep 1; "${process.execPath}" "${SIGNPOST}" "$@"; echo "status $?" >&3; } 3>&2 | true`;
    for (const args of [["--help"], ["completion", "bash"], ["domain", "add", "--help"]]) {
      const { stdout, stderr } = await promisify(execFile)("bash", ["-c", script, "bash", ...args]);
      expect(stdout).to.equal("");
      expect(stderr, args.join(" ")).to.match(/^status [01]\n$/);
    }
  });
});
