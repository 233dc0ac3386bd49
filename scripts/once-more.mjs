// node scripts/once-more.mjs <suite>: after a suite of package.json has failed in CI, runs its files with failed tests again, one after the other and with
// twice the time: what failed for want of a quick machine passes, a fault fails again. Where nothing tells the files, all of the suite runs again.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";

const [suite = ""] = process.argv.slice(2);
const command = JSON.parse(readFileSync("package.json", "utf8")).scripts[suite];
const [config] = /\S+mocharc\.json/.exec(command ?? "") ?? [];
if (config === undefined) throw new Error(`package.json has no suite ${suite}.`);

// what scripts/failed-files.cjs wrote
const list = `build/suites/${suite}.failed.json`;
const failed = existsSync(list) ? JSON.parse(readFileSync(list, "utf8")) : [];
if (failed.length === 0 || failed.includes(null)) {
  console.log(`signpost: ${suite} failed: all of it once more`);
  run(command);
} else {
  console.log(`signpost: ${suite} failed: once more ${failed.join(" ")}`);
  const settings = JSON.parse(readFileSync(config, "utf8"));
  const timeout = 2 * settings.timeout;
  const again = { ...settings, spec: failed, ignore: [], timeout, parallel: false, jobs: 1 };
  const rest = `build/suites/${suite}.mocharc.json`;
  writeFileSync(rest, JSON.stringify(again));
  run(command.replace(config, rest));
}

function run(line) {
  const path = `node_modules/.bin:${process.env.PATH}`;
  const env = { ...process.env, PATH: path };
  process.exit(spawnSync(line, { shell: true, stdio: "inherit", env }).status ?? 1);
}
