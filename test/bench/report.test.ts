/** What becomes of the measurements: the table, the targets, the file of results, the README. */
import { expect } from "chai";
import type { Contestant } from "../../bench/measure/contestant.js";
import type { Turn } from "../../bench/measure/round.js";
import { type CaseResult, compare, notesOn } from "../../bench/report/caseResult.js";
import { END, replaceTable, START } from "../../bench/report/readme.js";
import { resultsOf } from "../../bench/report/results.js";
import { formatReport } from "../../bench/report/summary.js";
import { markdownTable } from "../../bench/report/table.js";
import { expectError } from "../expectError.js";

const MACHINE = {
  cpu: "a CPU",
  cores: 2,
  memoryGb: 8,
  system: "linux x64",
  node: "20.19.0",
  postgres: "18.4",
  loadTool: "wrk 4.1.0",
};

function turn(requestsPerSec: number, changes: Partial<Turn> = {}): Turn {
  return {
    requests: requestsPerSec,
    requestsPerSec,
    p50Us: 3_000,
    p99Us: 9_000,
    cpuUsPerRequest: 1e6 / requestsPerSec,
    peakRssBytes: 100 * 2 ** 20,
    processes: 1,
    signaturesPerLookup: null,
    serverCores: 1,
    loadCores: 0.2,
    postgresCores: 0.1,
    otherCores: 0,
    ...changes,
  };
}

/** A case with the turns of two servers, ours first. */
function caseOf(ours: readonly Turn[], theirs: readonly Turn[], theirName: string): CaseResult {
  const named = (name: string) => ({ name }) as Contestant;
  const turns = new Map([
    [named("Signpost"), ours],
    [named(theirName), theirs],
  ]);
  const compared = compare(turns);
  return {
    title: "cold: a case",
    measuredAt: "2026-01-01T00:00:00.000Z",
    connections: 32,
    rounds: ours.length,
    secondsPerTurn: 1,
    ...compared,
    notes: notesOn(compared.servers),
  };
}

const COLD = caseOf([turn(1_000), turn(3_000)], [turn(100), turn(100)], "@resolverworks/ezccip 1");

describe("bench report", () => {
  it("draws a Markdown table with text to the left and numbers to the right", () => {
    const table = markdownTable(
      [
        ["name", "n"],
        ["a", "100"],
      ],
      1,
    );
    expect(table).to.equal("| name |   n |\n| ---- | --: |\n| a    | 100 |");
  });

  it("compares throughput and CPU time of the first server with the others'", () => {
    const [ratio] = COLD.ratios;
    expect(ratio?.throughput).to.deep.equal({ median: 20, lowest: 10, highest: 30 });
    expect(ratio?.cpu?.median).to.equal(20);
  });

  it("says what is reached, what is missed, and what was not measured", () => {
    const results = resultsOf(MACHINE, { cold: COLD }, null);
    expect(results.ratios).to.deep.equal({
      coldVsEzccip: 20,
      hotVsBareHttp: null,
      multicall8VsEzccip: null,
      names1e7Vs1e4: null,
      cpuPerRequestTwoVsOne: null,
      viewVsOwn: null,
      coldVsBefore: null,
      hotVsBefore: null,
      multicall8VsBefore: null,
      coldCpuVsBefore: null,
      coldCpuVsEzccip: 0.05,
      coldTwoVsEzccipTwo: null,
      signaturesPerLookup: null,
      slowSignerVsLocal: null,
      rssMbNode20: 100,
      rssMbNode24: null,
      coldVsEzccipNode24: null,
      hotVsBareHttpNode24: null,
      coldP50OneConnectionVsBefore: null,
    });
    const report = formatReport(results);
    expect(report).to.match(/cold, against ezccip .* 20.0 .* at least 15 .* reached/);
    expect(report).to.match(/p99 cold, against ezccip's p50 .* 3.00 .* at most 1 .* MISSED/);
    expect(report).to.match(/hot, against bare node:http .* – .* at least 0.85 .* not measured/);
  });

  it("says how many times the CPU two processes take", () => {
    const two = [turn(100, { cpuUsPerRequest: 110 })];
    const one = [turn(100, { cpuUsPerRequest: 100 })];
    const twoProcesses = caseOf(two, one, "Signpost with 1 process");
    const { ratios } = resultsOf(MACHINE, { twoProcesses }, null);
    expect(ratios.cpuPerRequestTwoVsOne).to.be.closeTo(1.1, 1e-9);
  });

  it("counts the worst of one resolver and of twenty", () => {
    const shared = (signaturesPerLookup: number) =>
      caseOf([turn(100, { signaturesPerLookup })], [turn(100)], "Signpost with one");
    const slow = (rate: number) => caseOf([turn(rate)], [turn(100)], "Signpost with a local key");
    const cases = {
      ...{ cold: shared(0.1), coldManyResolvers: shared(0.2) },
      ...{ slowSigner: slow(95), slowSignerManyResolvers: slow(92) },
    };
    const { ratios } = resultsOf(MACHINE, cases, null);
    expect(ratios).to.include({ signaturesPerLookup: 0.2, slowSignerVsLocal: 0.92 });
  });

  it("keeps figures of another Node apart", () => {
    const title = "cold, on Node 24.22.0";
    const coldOtherNode = { ...COLD, title };
    const hotOtherNode = caseOf(
      [turn(190, { peakRssBytes: 210 * 2 ** 20 })],
      [turn(200)],
      "bare node:http",
    );
    const { ratios } = resultsOf(MACHINE, { coldOtherNode, hotOtherNode }, null);
    expect(ratios).to.include({
      ...{ coldVsEzccip: null, coldVsEzccipNode24: 20, hotVsBareHttpNode24: 0.95 },
      ...{ rssMbNode20: null, rssMbNode24: 210 },
    });
  });

  it("compares with an earlier build: above 1, more requests; below 1, less CPU and a shorter wait", () => {
    const ours = [turn(200, { cpuUsPerRequest: 90, p50Us: 95 })];
    const theirs = [turn(100, { cpuUsPerRequest: 100, p50Us: 100 })];
    const withBefore = caseOf(ours, theirs, "Signpost before (e76d207)");
    const cases = { cold: withBefore, multicall8: withBefore, coldOneConnection: withBefore };
    const { ratios, targets } = resultsOf(MACHINE, cases, null);
    expect(ratios).to.include({ coldVsBefore: 2, multicall8VsBefore: 2, hotVsBefore: null });
    expect(ratios.coldCpuVsBefore).to.be.closeTo(0.9, 1e-9);
    expect(ratios.coldP50OneConnectionVsBefore).to.be.closeTo(0.95, 1e-9);
    const met = new Map(targets.map((target) => [target.what, target.met]));
    expect(met.get("cold, against the build before")).to.equal(true);
    expect(met.get("hot, against the build before")).to.equal(null);
  });

  it("keeps a ratio when its server was not measured again, says so, and leaves other commands' alone", () => {
    const before = caseOf([turn(200)], [turn(100)], "Signpost before (e76d207)");
    const first = resultsOf(MACHINE, { cold: before }, null);
    const earlier = { ...first, ratios: { ...first.ratios, relayVsReference: 3 } };
    const again = resultsOf(MACHINE, { cold: COLD }, earlier);
    expect(again.ratios).to.include({ coldVsBefore: 2, coldVsEzccip: 20, relayVsReference: 3 });
    expect(again.keptRatios).to.deep.equal(["coldVsBefore", "coldCpuVsBefore"]);
    const elsewhere = resultsOf({ ...MACHINE, node: "22.0.0" }, { cold: COLD }, earlier);
    expect(elsewhere.ratios).to.include({ coldVsBefore: null, relayVsReference: 3 });
  });

  it("notes what makes the numbers doubtful", () => {
    expect(COLD.notes).to.deep.equal([]);
    const idle = [turn(100, { serverCores: 0.5, otherCores: 1.2, loadCores: 0.95 })];
    const notes = caseOf([turn(100)], idle, "bare node:http").notes.join("\n");
    expect(notes).to.match(/Other programs used up to 1.20 cores/);
    expect(notes).to.match(/load generator used a whole core/);
    expect(notes).to.match(/Not at their limit, .*: bare node:http \(0.50\) cores/);
  });

  it("keeps the results of cases that were not measured again, but of the same kind of machine only", () => {
    const earlier = resultsOf(MACHINE, { hot: COLD }, null);
    expect(Object.keys(resultsOf(MACHINE, { cold: COLD }, earlier).cases)).to.have.members([
      "cold",
      "hot",
    ]);
    const other = { ...MACHINE, node: "22.0.0" };
    expect(Object.keys(resultsOf(other, { cold: COLD }, earlier).cases)).to.deep.equal(["cold"]);
  });

  it("writes the table between its marks, again and again, and nothing else", () => {
    const results = resultsOf(MACHINE, { cold: COLD }, null);
    const page = `before\n\n${START}\nyesterday's table\n${END}\n\nafter\n`;
    const written = replaceTable(page, results);
    expect(written).to.match(
      /^before\n\n<!-- bench[^]*\| cold: a case[^]*<!-- \/bench -->\n\nafter\n$/,
    );
    expect(written).not.to.include("yesterday");
    expect(replaceTable(written, results)).to.equal(written);
    expectError(() => replaceTable("no marks", results), "INVALID_REQUEST", /add the lines/);
  });
});
