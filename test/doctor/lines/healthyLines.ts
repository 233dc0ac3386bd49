import { readFile } from "node:fs/promises";
import { expect } from "chai";
import { gatewayUrls } from "../../../src/chain/deployResolver.js";
import {
  RECORD_CHECKS,
  RESOLVER_CHECKS,
  URL_CHECKS,
} from "../../../src/doctor/checks/checkList.js";
import { diagnosisOf } from "../../../src/doctor/examine.js";
import { lineOf, textOf } from "../diagnosis.js";
import type { Ward } from "../ward.js";

export function healthyLines(ward: () => Ward): void {
  it("passes every line, for each URL, and the burst", async () => {
    const { world, setUrls } = ward();
    const urls = gatewayUrls(world.service.url, world.chain.chainId, world.resolver);
    await setUrls(...urls);
    const lines = await ward().examine(undefined, { burst: true });
    const silent = lines.filter(({ status }) => status === "skipped");
    expect(silent.map(({ id, seen }) => `${id}: ${seen.replace(/:.*/, "")}`)).to.deep.equal([
      "hidden-names: looks at the names that a service publishes below its domain",
      "cors-preflight: a GET needs no preflight",
      "relay-node: alice.users.example.eth has no record network.dm3.deliveryService",
      "network: alice.users.example.eth has no record network.dm3.network",
      "network-consent: alice.users.example.eth is no network",
      "virtual-consent: alice.users.example.eth is no network",
      "certificate: alice.users.example.eth publishes no certificate",
    ]);
    expect(textOf(lines.filter(({ status }) => !["passed", "skipped"].includes(status)))).to.equal(
      "",
    );
    expect(diagnosisOf(lines)).to.equal("passed");
    expect(lineOf(lines, "batch-feature").seen).to.match(/^says that it takes answers that share/);
    expect(lineOf(lines, "owner").seen).to.match(/^0x\w{40}, an account with a single key$/);
    expect(lineOf(lines, "signers").seen).to.match(/^2: 0x/);
    expect(lineOf(lines, "resolver-found").seen).to.match(/by wildcard from users\.example\.eth$/);
    expect(lineOf(lines, "gateway-burst").seen).to.match(/^all 20/);
    expect(lineOf(lines, "relay-nodes").seen).to.match(/^relay\..*, fallback-relay\./);
  });

  it("has a line for each check and each URL, in the order of the list", async () => {
    const lines = await ward().examine();
    expect(lines.map(({ id }) => id)).to.deep.equal(
      [...RESOLVER_CHECKS, ...URL_CHECKS, ...RECORD_CHECKS].map(({ id }) => id),
    );
  });

  it("lets checks depend on earlier ones only, and explains each in the guide", async () => {
    const all = [...RESOLVER_CHECKS, ...URL_CHECKS, ...RECORD_CHECKS];
    const ids = all.map(({ id }) => id);
    expect(new Set(ids).size).to.equal(ids.length);
    all.forEach(({ needs }, index) => {
      for (const need of needs) expect(ids.slice(0, index)).to.include(need);
    });
    const guide = await readFile(
      new URL("../../../docs/guides/doctor.md", import.meta.url),
      "utf8",
    );
    const explained = [...guide.matchAll(/^\| `([a-z][a-z0-9-]+)`/gm)].map(([, id]) => id);
    expect(explained).to.deep.equal(ids);
  });
}
