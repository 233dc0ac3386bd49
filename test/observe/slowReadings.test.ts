import { expect } from "chai";
import { Registry } from "prom-client";
import { publisher, type Sample } from "../../src/observe/publish.js";
import { readMetrics } from "./exposition.js";

describe("observe/slowReadings", () => {
  const scrape = async (registry: Registry) => {
    const startedMs = performance.now();
    const { values } = readMetrics(await registry.metrics());
    // other processes wait 2 s for this one's numbers
    expect(performance.now() - startedMs).to.be.below(1_700);
    return values;
  };

  it("hold up no scrape: until they come, what was read before is told", async () => {
    const registry = new Registry();
    let reading: () => Promise<Sample[]> = () => Promise.resolve([{ value: 1 }]);
    let finish: (samples: Sample[]) => void = () => undefined;
    const publish = publisher(registry);
    publish.gauge("signpost_a", "Slow.", "min", () => reading());
    publish.gauge("signpost_b", "Quick.", "min", () => [{ value: 7 }]);
    expect((await scrape(registry)).get("signpost_a")).to.equal(1);

    reading = () => new Promise((resolve) => (finish = resolve));
    const meanwhile = await scrape(registry);
    expect(meanwhile.get("signpost_a")).to.equal(1);
    expect(meanwhile.get("signpost_b")).to.equal(7);

    finish([{ value: 0 }]);
    reading = () => new Promise(() => undefined);
    expect((await scrape(registry)).get("signpost_a")).to.equal(0);
  });

  it("are left out before they were read for the first time", async () => {
    const registry = new Registry();
    publisher(registry).gauge("signpost_a", "Silent.", "min", () => new Promise(() => undefined));
    expect((await scrape(registry)).has("signpost_a")).to.equal(false);
  });

  it("fail the scrape where they fail", async () => {
    const registry = new Registry();
    publisher(registry).gauge("signpost_a", "Fails.", "min", () => Promise.reject(new Error("no")));
    const failed = await registry.metrics().catch((error: unknown) => error);
    expect(failed).to.be.an("error").with.property("message", "no");
  });
});
