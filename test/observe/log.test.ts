import { expect } from "chai";
import { openLog } from "../../src/observe/log.js";
import type { LogLevel } from "../../src/observe/logLevel.js";

describe("observe/log", () => {
  let lines: string[];
  const write = (line: string) => lines.push(line);
  const open = (options: { level?: LogLevel; readable?: boolean } = {}) =>
    openLog({ level: "info", readable: false, write, ...options });

  beforeEach(() => {
    lines = [];
  });

  it("writes one line of JSON for a sentence and its facts", () => {
    open().warn("  gateway       is\nslow", { code: "OVERLOADED", durationMs: 12.5, status: null });
    expect(lines).to.have.length(1);
    expect(lines[0]).to.match(/^\{[^\n]*\}\n$/);
    const { time, ...line } = JSON.parse(lines[0]!) as Record<string, unknown>;
    expect(line).to.deep.equal({
      level: "warn",
      pid: process.pid,
      code: "OVERLOADED",
      durationMs: 12.5,
      status: null,
      msg: "gateway is\nslow",
    });
    expect(Math.abs(Date.parse(String(time)) - Date.now())).to.be.below(5_000);
  });

  it("leaves out what is less important than its level", () => {
    const log = open({ level: "warn" });
    for (const level of ["debug", "info", "warn", "error"] as const) log[level](level);
    expect(lines.map((line) => (JSON.parse(line) as { msg: string }).msg)).to.deep.equal([
      "warn",
      "error",
    ]);
    expect([log.isOn("info"), log.isOn("warn")]).to.deep.equal([false, true]);
  });

  it("lets no fact pass for the line's own", () => {
    open().info("hello", { level: "error", time: "never", pid: 0, msg: "forged", code: "x" });
    expect(lines[0]).not.to.match(/forged|never|"pid":0|error/);
    expect(lines[0]).to.include('"code":"x"');
  });

  it("shows a person a line to read, with no character that moves the cursor", () => {
    const log = open({ readable: true, level: "debug" });
    log.info("  database       embedded");
    log.error("It is\u001b[2J away.", {
      code: "INTERNAL",
      path: "/a\nb",
      stack: "Error: x\n  at y",
    });
    log.debug("detail");
    const plain = lines.map((line) =>
      line
        // eslint-disable-next-line no-control-regex -- colours, where the test runs at a terminal
        .replace(/\u001b\[\d+m/g, ""),
    );
    expect(plain[0]).to.match(/^\d\d:\d\d:\d\d {3}database {7}embedded\n$/);
    expect(plain[1]).to.match(
      /^\d\d:\d\d:\d\d ERROR It is\?\[2J away\. code=INTERNAL path=\/a\?b\nError: x\n {2}at y\n$/,
    );
    expect(plain[2]).to.match(/^\d\d:\d\d:\d\d debug detail\n$/);
  });
});
