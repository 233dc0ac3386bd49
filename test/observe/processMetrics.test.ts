/** Metrics of three real processes: one, and two that it forked. */
import { expect } from "chai";
import { type ChildProgram, startProgram } from "../childProgram.js";
import { readMetrics } from "./exposition.js";

describe("observe/processMetrics", function () {
  this.timeout(180_000);
  let program: ChildProgram;
  let urls: { primary: string; first: string; second: string };

  before(async () => {
    program = startProgram("test/observe/processProgram.ts", []);
    const urlOf = async (name: string) =>
      `http://127.0.0.1:${await program.printed(new RegExp(`${name} .*"port":(\\d+)`))}`;
    urls = {
      primary: await urlOf("primary"),
      first: await urlOf("worker-1"),
      second: await urlOf("worker-2"),
    };
  });
  after(async () => {
    program.process.kill("SIGTERM");
    await program.ended;
  });

  const valuesAt = async (url: string) => {
    const response = await fetch(url);
    expect(response.status).to.equal(200);
    const { text } = (await response.json()) as { text: string };
    return readMetrics(text).values;
  };

  it("are the same whichever process is asked, and add up what can be added", async () => {
    for (const url of Object.values(urls)) {
      const values = await valuesAt(url);
      const at = (series: string) => values.get(series);
      // 1 of the first process, 10 and 100 of those that it forked
      const cached = 'signpost_lookups_total{domain="a.eth",function="text",source="cache"}';
      expect(at(cached)).to.equal(111);
      expect(at('signpost_lookup_duration_seconds_count{outcome="cache"}')).to.equal(111);
      expect(at('signpost_lookup_duration_seconds_bucket{outcome="cache",le="0.001"}')).to.equal(
        111,
      );
      expect(at("signpost_answer_cache_entries")).to.equal(111);
      // as ready as the least ready, as wrong as the most wrong
      expect(at("signpost_ready")).to.equal(0);
      expect(at("signpost_clock_skew_seconds")).to.equal(2);
      const build = `signpost_build_info{version="1.2.3",node="${process.version}"}`;
      expect(at(build)).to.equal(1);
    }
  });

  it("answer many that ask at once", async () => {
    const asked = Array.from({ length: 30 }, (_, index) =>
      valuesAt(Object.values(urls)[index % 3]!),
    );
    for (const values of await Promise.all(asked)) {
      expect(values.get("signpost_answer_cache_entries")).to.equal(111);
    }
  });

  it("wait for no process whose database is silent", async () => {
    await fetch(`${urls.first}/wait`);
    for (const url of Object.values(urls)) {
      expect((await valuesAt(url)).get("signpost_clock_skew_seconds")).to.equal(2);
    }
  });

  it("fail, rather than tell too little, while a process hangs", async () => {
    await fetch(`${urls.second}/hang`);
    for (const url of [urls.primary, urls.first]) {
      const startedMs = performance.now();
      const response = await fetch(url);
      expect(response.status).to.equal(500);
      expect(await response.text()).to.match(/did not tell its metrics within 2000 ms/);
      expect(performance.now() - startedMs).to.be.below(4_000);
    }
  });

  it("leave out a process that has ended", async () => {
    await fetch(`${urls.second}/end`).catch(() => undefined);
    for (const url of [urls.primary, urls.first]) {
      expect((await valuesAt(url)).get("signpost_answer_cache_entries")).to.equal(11);
    }
  });
});
