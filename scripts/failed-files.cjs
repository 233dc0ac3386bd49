// A mocha reporter: prints what "spec" prints, and writes the files of failed tests as JSON into --reporter-option file=PATH, for scripts/once-more.mjs.
const { mkdirSync, writeFileSync } = require("node:fs");
const { dirname, relative } = require("node:path");
const { cwd } = require("node:process");
const Mocha = require("mocha");

const { EVENT_TEST_FAIL, EVENT_RUN_END } = Mocha.Runner.constants;

module.exports = class FailedFiles extends Mocha.reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    const { file: list } = options.reporterOptions;
    const failed = new Set();
    runner.on(EVENT_TEST_FAIL, ({ file }) => {
      failed.add(file === undefined ? null : relative(cwd(), file));
    });
    runner.once(EVENT_RUN_END, () => {
      mkdirSync(dirname(list), { recursive: true });
      writeFileSync(list, JSON.stringify([...failed]));
    });
  }
};
