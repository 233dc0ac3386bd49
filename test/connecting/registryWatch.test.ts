import { expect } from "chai";
import { watchRegistry } from "../../src/connecting/registryWatch.js";
import { whyNoNames } from "../../src/connecting/whyNoNames.js";
import { assertNormalName } from "../../src/ens/normalName.js";
import { apiKeyFrom, newApiKey } from "../../src/registry/domains/apiKey.js";
import { bytes } from "../db/sampleNames.js";
import { DOMAIN, openTestService } from "../http/openTestService.js";

describe("connecting/registryWatch", function () {
  this.timeout(90_000);
  it("warns from the first look until the registry takes names, and then no more", async () => {
    const http = await openTestService();
    const apiKey = apiKeyFrom(bytes(32, 0x73));
    assertNormalName(DOMAIN);
    const names = DOMAIN;
    const watch = watchRegistry((signal) => whyNoNames({ url: http.url, apiKey }, names, signal), {
      first: 1,
      well: 1,
      unwell: 200,
    });
    expect(watch.warnings()).to.deep.equal([]);
    while (watch.warnings().length === 0) await turn();
    expect(watch.warnings()[0]).to.include("does not take the API key");
    await http.service.domains.addApiKey(DOMAIN, newApiKey(apiKey));
    while (watch.warnings().length > 0) await turn();
    await watch.stop();
    await http.stop();
  });

  it("gives up a question that is under way when it stops", async () => {
    let asked: AbortSignal | undefined;
    const watch = watchRegistry(
      (signal) => {
        asked = signal;
        return new Promise((resolve) => {
          signal.addEventListener("abort", () => {
            resolve(null);
          });
        });
      },
      { first: 1, well: 1, unwell: 1 },
    );
    while (asked === undefined) await turn();
    await watch.stop();
    expect(asked.aborted).to.equal(true);
  });
});

const turn = () => new Promise((resolve) => setTimeout(resolve, 5));
