import { setTimeout as delay } from "node:timers/promises";
import { expect } from "chai";
import { SignpostError } from "../../src/errors.js";
import { failureLog } from "../../src/observe/failureLog.js";
import { openLog } from "../../src/observe/log.js";

const outage = new SignpostError("DATABASE_UNAVAILABLE", "The database is away; look for it.");

describe("observe/failureLog", () => {
  let lines: Record<string, unknown>[];
  const write = (line: string) => lines.push(JSON.parse(line) as Record<string, unknown>);
  const open = () => failureLog(openLog({ level: "info", readable: false, write }));

  beforeEach(() => {
    lines = [];
  });

  it("writes the first of each code, and after a second how many more there were", async () => {
    const failures = open();
    for (let count = 0; count < 10_000; count++) failures.report(outage, `request-${count}`);
    failures.report(new SignpostError("UNREACHABLE", "The chain is away."));
    expect(lines.map(({ code, msg, requestId }) => [code, msg, requestId])).to.deep.equal([
      ["DATABASE_UNAVAILABLE", outage.message, "request-0"],
      ["UNREACHABLE", "The chain is away.", undefined],
    ]);
    await delay(1_200);
    expect(lines.slice(2)).to.have.length(1);
    expect(lines[2]).to.include({
      code: "DATABASE_UNAVAILABLE",
      suppressed: 9_999,
      level: "error",
    });
    failures.report(outage);
    expect(lines[3]).to.include({ msg: outage.message });
  });

  it("tells what it still counts when the process ends, once", () => {
    const failures = open();
    failures.report(outage);
    failures.report(outage);
    failures.flush();
    failures.flush();
    expect(lines.map(({ suppressed }) => suppressed)).to.deep.equal([undefined, 1]);
  });

  it("shows where a defect is, and nothing of what lies behind an outage", () => {
    const failures = open();
    const cause = new Error("connect to postgres://signpost:hunter2@db");
    failures.report(new SignpostError("INTERNAL", "The server failed.", {}, { cause }));
    failures.report(new SignpostError("DATABASE_UNAVAILABLE", "It is away.", {}, { cause }));
    expect(lines[0]?.["stack"]).to.match(/failureLog\.test\.ts/);
    expect(JSON.stringify(lines[1])).not.to.match(/hunter2|stack/);
  });
});
