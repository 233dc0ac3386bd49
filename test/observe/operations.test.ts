/** The alerts, the dashboard and the documents name what is really published. */
import { readFile } from "node:fs/promises";
import { expect } from "chai";
import { SignpostError } from "../../src/errors.js";
import { LOOKUP_STATUS } from "../../src/http/ccip/lookupStatus.js";
import { RPC_STATUS } from "../../src/http/relay/rpcRefusals.js";
import { STORAGE_STATUS } from "../../src/http/storage/routeTexts.js";
import { readMetrics } from "./exposition.js";
import { publishedMetrics } from "./publishedMetrics.js";
import { SAMPLE_MIRROR } from "./sampleMirror.js";

const FOLDER = new URL("../../docs/operations/", import.meta.url);

/** What Prometheus itself adds, and what it knows without us. */
const ADDED_LABELS = ["job", "instance", "le"];
const OWN_METRICS = ["up"];

/** Everything that can be published, once. */
async function everyMetric() {
  const metrics = publishedMetrics({
    cache: () => ({ entries: 1, bytes: 1 }),
    pools: () => [{ pool: "lookups", busy: 1, idle: 1, waiting: 1 }],
    health: () =>
      Promise.resolve({
        signerSigns: true,
        signerKnown: true,
        knownAt: [{ chainId: "1", resolver: "0x5f", isKnown: true }],
        resolvers: [{ chainId: "1", resolver: "0x5f", signerEnabled: true, takesBatches: true }],
        chains: [{ chainId: "1", reachable: true, blockAgeSec: 1 }],
        clockSkewSec: 0,
      }),
    domains: () => ({
      expiries: [{ domain: "a.eth", chainId: "1", expirySec: 1, isKnown: true }],
      hiddenNames: [{ domain: "a.eth", chainId: "1", count: 1 }],
    }),
    relayNodes: () => ({ works: 1, unreachable: 1, wrong: 1, unproven: 1, overdue: 1 }),
    mirrors: () => ({ mirrors: [SAMPLE_MIRROR], nowMs: 3_000 }),
  });
  const outage = new SignpostError("DATABASE_UNAVAILABLE", "It is away.");
  metrics.gateway.answered({ domain: "a.eth", functionName: "text", from: "cache" }, 1);
  metrics.database("look_up")(outage);
  metrics.signer("sign")(outage);
  metrics.batches(1, 1);
  metrics.api("GET", 200, 1);
  metrics.submit(null, 1);
  const { types, values } = readMetrics(await metrics.registry.metrics());
  const labels = new Map<string, Map<string, Set<string>>>();
  for (const series of values.keys()) {
    const [, name = "", inBraces = ""] = /^([^{]+)(?:\{(.*)\})?$/.exec(series) ?? [];
    const ofMetric = labels.get(baseOf(name, types)) ?? new Map<string, Set<string>>();
    for (const [, label = "", value = ""] of inBraces.matchAll(/(\w+)="([^"]*)"/g)) {
      ofMetric.set(label, (ofMetric.get(label) ?? new Set()).add(value));
    }
    labels.set(baseOf(name, types), ofMetric);
  }
  return { types, labels };
}

function baseOf(name: string, types: ReadonlyMap<string, string>): string {
  const base = name.replace(/_(bucket|sum|count)$/, "");
  return types.get(base) === "histogram" ? base : name;
}

describe("docs/operations", () => {
  let published: Awaited<ReturnType<typeof everyMetric>>;
  const read = (file: string) => readFile(new URL(file, FOLDER), "utf8");

  before(async () => {
    published = await everyMetric();
  });

  /** What an expression in Prometheus' language says of metrics that are not, or not so, published. */
  function wrongIn(expression: string): string[] {
    const { types, labels } = published;
    const wrong: string[] = [];
    const metrics = /\b(up|(?:signpost|process|nodejs)_[a-z0-9_]+)\b(?:\{([^}]*)\})?/g;
    for (const [, name = "", matchers = ""] of expression.matchAll(metrics)) {
      if (OWN_METRICS.includes(name)) continue;
      const base = baseOf(name, types);
      const known = labels.get(base);
      if (!known) wrong.push(name);
      // a histogram has no series of its own name
      if (types.get(base) === "histogram" && base === name) wrong.push(`${name} without a suffix`);
      for (const [, label = "", operator = "", value = ""] of matchers.matchAll(
        /(\w+)(=~|!=|=)"([^"]*)"/g,
      )) {
        const isKnown = ADDED_LABELS.includes(label) || known?.has(label) === true;
        if (!isKnown) wrong.push(`${name}{${label}}`);
        if (label === "code") {
          const codes = operator === "=~" ? value.split("|") : [value];
          for (const code of codes) if (!isCode(code)) wrong.push(`${name}{code="${code}"}`);
        }
        if (label === "result" && (operator === "=~" || isStorage(name))) {
          const statuses = isStorage(name) ? STORAGE_STATUS : RPC_STATUS;
          for (const code of value.split("|")) {
            if (!Object.hasOwn(statuses, code)) wrong.push(`${name}{result="${code}"}`);
          }
        }
        const closed = ["fault", "outcome"].includes(label) && operator !== "=~";
        if (closed && known?.get(label)?.has(value) !== true) wrong.push(`${label}="${value}"`);
      }
    }
    for (const [, grouped = ""] of expression.matchAll(/\bby \(([^)]*)\)/g)) {
      const all = new Set([...labels.values()].flatMap((ofMetric) => [...ofMetric.keys()]));
      for (const label of grouped.split(/, */)) {
        if (!all.has(label) && !ADDED_LABELS.includes(label)) wrong.push(`by (${label})`);
      }
    }
    return wrong;
  }

  const isStorage = (name: string) => name === "signpost_storage_requests_total";
  const isCode = (code: string) => Object.hasOwn(LOOKUP_STATUS, code);

  const alertsOf = (yaml: string) =>
    yaml
      .split(/^ +- alert: /m)
      .slice(1)
      .map((text) => {
        const [, name = ""] = /^(\w+)/.exec(text) ?? [];
        const [, expression = ""] = /^ +expr: (?:\|\n)?([^]*?)^ +(?:for|labels):/m.exec(text) ?? [];
        const [, severity = ""] = /severity: (\w+)/.exec(text) ?? [];
        const [, anchor = ""] = /runbook: docs\/operations\/alerts\.md#(\S+)/.exec(text) ?? [];
        return { name, expression, severity, anchor };
      });

  it("have alerts about metrics that are published", async () => {
    const alerts = alertsOf(await read("alerts.yml"));
    expect(alerts.length).to.be.above(15);
    for (const { name, expression } of alerts) {
      expect(expression, name).to.match(/[<>=]/);
      expect(wrongIn(expression), name).to.deep.equal([]);
    }
  });

  it("say for each alert what to do, and how urgent it is", async () => {
    const alerts = alertsOf(await read("alerts.yml"));
    const text = await read("alerts.md");
    const sections = text.split(/^## /m).slice(1);
    expect(sections.map((section) => /^\w+/.exec(section)?.[0]).sort()).to.deep.equal(
      alerts.map(({ name }) => name).sort(),
    );
    for (const { name, severity, anchor } of alerts) {
      expect(anchor, name).to.equal(name.toLowerCase());
      const section = sections.find((each) => each.startsWith(`${name}\n`)) ?? "";
      const urgency = severity === "page" ? "_Page._" : "_Ticket._";
      expect(section, name).to.include(urgency);
    }
    for (const [, anchor] of text.matchAll(/\]\(#(\w+)\)/g)) {
      expect(alerts.map((alert) => alert.anchor)).to.include(anchor);
    }
    expect(text.match(/\b(?:signpost|process|nodejs)_\w+/g)?.flatMap(wrongName) ?? []).to.eql([]);
  });

  const wrongName = (name: string) =>
    published.types.has(baseOf(name, published.types)) ? [] : [name];

  it("have a dashboard of metrics that are published, all of ours among them", async () => {
    const text = await read("grafana-dashboard.json");
    const expressions = [...text.matchAll(/"expr": ("(?:[^"\\]|\\.)*")/g)].map(
      ([, json = ""]) => JSON.parse(json) as string,
    );
    expect(expressions.length).to.be.above(25);
    for (const expression of expressions) expect(wrongIn(expression), expression).to.eql([]);
    const shown = expressions.join("\n");
    const ours = [...published.types.keys()].filter((name) => name.startsWith("signpost_"));
    // bytes are what bounds the cache; its entries are for who looks closer
    const missing = ours.filter((name) => !shown.includes(name));
    expect(missing).to.deep.equal(["signpost_answer_cache_entries"]);
  });

  it("document every metric of ours with its labels, and no other", async () => {
    const rows = (await read("metrics.md")).matchAll(/^\| `(signpost_\w+)` +\| ([^|]*?) *\|/gm);
    const documented = [...rows].map(([, name = "", labels = ""]) => [
      name,
      [...labels.matchAll(/`(\w+)`/g)].map(([, label]) => label).sort(),
    ]);
    const expected = [...published.types.keys()]
      .filter((name) => name.startsWith("signpost_"))
      .map((name) => [
        name,
        [...(published.labels.get(name)?.keys() ?? [])].filter((label) => label !== "le").sort(),
      ]);
    expect(Object.fromEntries(documented)).to.deep.equal(Object.fromEntries(expected));
    expect(documented).to.have.length(expected.length);
  });

  it("would notice", () => {
    expect(wrongIn("signpost_gone > 1")).to.deep.equal(["signpost_gone"]);
    expect(wrongIn("signpost_lookup_duration_seconds")).to.have.length(1);
    expect(wrongIn('signpost_ready{domain="x"}')).to.deep.equal(["signpost_ready{domain}"]);
    expect(wrongIn('signpost_lookups_refused_total{fault="none"}')).to.deep.equal(['fault="none"']);
    expect(wrongIn('signpost_lookups_refused_total{code="NONE"}')).to.have.length(1);
    expect(wrongIn('signpost_relay_submits_total{result=~"INTERNAL|NONE"}')).to.have.length(1);
    expect(wrongIn('signpost_storage_requests_total{result="MAILBOX_FULL"}')).to.have.length(1);
    expect(wrongIn("sum by (planet) (signpost_ready)")).to.deep.equal(["by (planet)"]);
  });
});
