import { expect } from "chai";
import { Wallet } from "ethers";
import { relayNodeProfile, signUp } from "../../../src/demo/people.js";
import { namehash } from "../../../src/ens/namehash.js";
import { apiKeyFrom, newApiKey } from "../../../src/registry/domains/apiKey.js";
import { emptyName } from "../../../src/registry/names/storedName.js";
import { putName } from "../../db/putName.js";
import { bytes } from "../../db/sampleNames.js";
import { BITCOIN } from "../../registry/names/sampleRecords.js";
import { profilesOf } from "../../registry/openRegistry.js";
import { signRequest } from "../../registry/signed/signedRequests.js";
import { DOMAIN, NESTED_DOMAIN, openTestService, type TestService } from "../openTestService.js";

interface Result {
  readonly name: string | null;
  readonly outcome?: string;
  readonly warning?: string;
  readonly error?: { readonly code: string; readonly message: string };
}

describe("http: batches", function () {
  this.timeout(360_000);
  let http: TestService;
  let count = 0;

  before(async () => {
    http = await openTestService();
  });
  after(() => http.stop());
  afterEach(() => {
    expect(http.failures).to.deep.equal([]);
  });

  it("refuses alone what no database holds, and does the rest", async () => {
    const [first, last] = [freshName(), freshName()];
    const items = [{ name: first }, { name: `a\0.${DOMAIN}` }, { name: last }];
    expect(outcomes(await send(false, items))).to.deep.equal([
      "created",
      "INVALID_NAME",
      "created",
    ]);
    expect((await send(true, items)).status).to.equal(400);
  });

  const freshName = () => `batch-${count++}.${DOMAIN}`;
  const send = (atomic: boolean, items: readonly unknown[], apiKey?: string) =>
    http.v1("POST", "/batches", { atomic, items }, apiKey);
  const resultsOf = ({ body }: { body: Record<string, unknown> }) => body["items"] as Result[];
  const outcomes = (answer: { body: Record<string, unknown> }) =>
    resultsOf(answer).map(({ outcome, error }) => outcome ?? error?.code);
  const version = async (name: string) => (await http.v1("GET", `/names/${name}`)).body["version"];

  for (const atomic of [true, false]) {
    it(`does nothing the second time (atomic: ${String(atomic)})`, async () => {
      const names = [freshName(), freshName(), freshName(), freshName()] as const;
      const gone = freshName();
      await http.v1("PUT", `/names/${gone}`, {});
      const person = await signUp([`relay.${DOMAIN}`]);
      const items = [
        { name: names[0], ...person, records: { texts: { avatar: "a" } } },
        { name: names[1], relayNode: relayNodeProfile("https://relay.example") },
        { name: names[2], records: { addresses: { "0": BITCOIN } } },
        { name: names[3] },
        { name: gone, delete: true },
      ];
      const first = await send(atomic, items);
      expect(first.status).to.equal(200);
      expect(outcomes(first)).to.deep.equal([
        "created",
        "created",
        "created",
        "created",
        "deleted",
      ]);
      expect(resultsOf(first).map(({ name }) => name)).to.deep.equal([...names, gone]);
      const versions = await Promise.all(names.map(version));
      const second = await send(atomic, items);
      expect(outcomes(second)).to.deep.equal(new Array(5).fill("unchanged"));
      expect(await Promise.all(names.map(version))).to.deep.equal(versions);
      const { body } = await http.v1("GET", `/names/${names[0]}/history`);
      expect(body["entries"]).to.have.length(2);
    });
  }

  it("changes nothing when one item of an atomic batch is refused, whatever refuses it", async () => {
    const wallet = Wallet.createRandom();
    const [held, taken, retired] = [freshName(), freshName(), freshName()];
    const [first, second] = await profilesOf(wallet, 2);
    const publish = (name: string, signedUserProfile: unknown) =>
      http.v1("PUT", `/names/${name}/profile`, { address: wallet.address, signedUserProfile });
    for (const name of [held, taken, retired]) await publish(name, first);
    await publish(retired, second);
    const wish = { action: "deleteProfile", domain: DOMAIN, name: held, sequence: 1 } as const;
    await http.v1("POST", "/requests", await signRequest(wallet, wish), null);

    const other = await signUp(["a.eth"]);
    const refused: [item: Record<string, unknown>, status: number, code: string][] = [
      [{ name: held, records: { texts: {} } }, 409, "HELD_BY_OWNER"],
      [{ name: held, delete: true }, 409, "HELD_BY_OWNER"],
      [{ name: taken, ...other }, 409, "NAME_TAKEN"],
      [
        { name: retired, address: wallet.address, signedUserProfile: first },
        409,
        "SUPERSEDED_PROFILE",
      ],
      [{ name: `a.${NESTED_DOMAIN}` }, 403, "FORBIDDEN"],
      [{ name: `Upper.${DOMAIN}` }, 400, "INVALID_NAME"],
      [{ name: freshName(), ...other, address: wallet.address }, 422, "WRONG_SIGNER"],
      [{ name: freshName(), signedUserProfile: {} }, 400, "INVALID_REQUEST"],
      [{ name: freshName(), records: { texts: { avatar: 7 } } }, 400, "INVALID_REQUEST"],
      [
        { name: freshName(), address: wallet.address, signedUserProfile: {} },
        400,
        "INVALID_PROFILE",
      ],
      [{ name: freshName(), delete: false }, 400, "INVALID_REQUEST"],
      [{ name: freshName(), more: 1 }, 400, "INVALID_REQUEST"],
    ];
    for (const [item, status, code] of refused) {
      const [before, behind] = [freshName(), freshName()];
      const answer = await send(true, [{ name: before }, item, { name: behind }]);
      expect({ status: answer.status, code: answer.body["code"] }).to.deep.equal({ status, code });
      expect(answer.body["details"]).to.include({ item: 1 });
      expect(answer.body["message"]).to.match(/^Nothing was changed, because item 1 was refused: /);
      for (const name of [before, behind]) expect(await version(name)).to.equal(undefined);

      const each = await send(false, [{ name: before }, item, { name: behind }]);
      expect(each.status).to.equal(200);
      expect(outcomes(each)).to.deep.equal(["created", code, "created"]);
      expect(resultsOf(each)[1]!.name).to.equal(item["name"]);
    }
  });

  it("takes a name once, and says so: 400, or at the item", async () => {
    const name = freshName();
    const items = [{ name }, { name, delete: true }];
    const answer = await send(true, items);
    expect(answer.body).to.include({ code: "INVALID_REQUEST" });
    expect(answer.body["message"]).to.match(/stands twice in the batch/);
    expect(outcomes(await send(false, items))).to.deep.equal(["created", "INVALID_REQUEST"]);
  });

  it("takes 1 to 10,000 items: 400", async () => {
    for (const items of [[], new Array(10_001).fill({})]) {
      expect((await send(true, items)).body).to.include({ code: "INVALID_REQUEST" });
    }
    expect(outcomes(await send(false, [null, 7, {}]))).to.deep.equal(
      new Array(3).fill("INVALID_REQUEST"),
    );
    for (const body of [{}, { items: [{}] }, { atomic: "yes", items: [{}] }]) {
      expect((await http.v1("POST", "/batches", body)).status).to.equal(400);
    }
  });

  it("tells that waiting does not help a batch of more than the key's limit", async () => {
    const apiKey = apiKeyFrom(bytes(32, 0x33));
    const limits = { changesPerMinute: 5, changesPerDay: 100 };
    await http.service.domains.addApiKey(DOMAIN, newApiKey(apiKey, { label: "small", limits }));
    const items = Array.from({ length: 10 }, () => ({ name: freshName() }));
    const { status, body } = await send(false, items, apiKey);
    expect(status).to.equal(429);
    expect(body["message"]).to.match(/limit of 5 changes a minute .* waiting does not help/);
  });

  it("warns in an item of a name that dm3's clients cannot find", async () => {
    const names = ["🔥", "a".repeat(64), "a".repeat(63)].map((label) => `${label}.${DOMAIN}`);
    const results = resultsOf(
      await send(
        false,
        names.map((name) => ({ name })),
      ),
    );
    expect(results.map(({ outcome }) => outcome)).to.deep.equal(["created", "created", "created"]);
    expect(results[0]!.warning).to.match(/they refuse it/);
    expect(results[1]!.warning).to.match(/labels of 63 bytes at most .* one of 64/);
    expect(results[2]).to.not.have.property("warning");
  });

  it("tells the place of what is wrong apart from what is wrong with it", async () => {
    const { status, body } = await http.v1("POST", "/batches", { items: [] });
    expect(status).to.equal(400);
    expect(body["message"]).to.match(/not as expected: atomic: Invalid input.*; items: Too small/);
  });

  it("publishes profiles with their scope only: FORBIDDEN", async () => {
    const apiKey = apiKeyFrom(bytes(32, 0x31));
    const key = newApiKey(apiKey, { label: "records only", scopes: ["names:write"] });
    await http.service.domains.addApiKey(DOMAIN, key);
    const items = [{ name: freshName() }, { name: freshName(), ...(await signUp(["a.eth"])) }];
    expect(outcomes(await send(false, items, apiKey))).to.deep.equal(["created", "FORBIDDEN"]);
    expect(await send(true, items, apiKey)).to.deep.include({ status: 403 });
  });

  it("counts each item, and refuses more than the key's limit: 429 with Retry-After", async () => {
    const apiKey = apiKeyFrom(bytes(32, 0x32));
    const limits = { changesPerMinute: 5, changesPerDay: 100 };
    await http.service.domains.addApiKey(DOMAIN, newApiKey(apiKey, { label: "slow", limits }));
    const items = Array.from({ length: 4 }, () => ({ name: freshName() }));
    expect(await send(true, items, apiKey)).to.include({ status: 200 });
    expect(await send(true, [items[0]], apiKey)).to.include({ status: 200 });
    const answer = await send(true, [items[0]], apiKey);
    expect(answer).to.include({ status: 429 });
    expect(answer.body).to.include({ code: "LIMIT_EXCEEDED" });
    expect(Number(answer.headers.get("retry-after"))).to.be.within(1, 60);
    expect(answer.body["message"]).to.match(
      /the limit of 5 changes a minute of the API key "slow"; wait \d+ seconds/,
    );
    // reading is no change, and another key is not concerned
    expect(await http.v1("GET", `/names/${items[0]!.name}`, undefined, apiKey)).to.include({
      status: 200,
    });
    expect(await send(true, [items[0]])).to.include({ status: 200 });
  });

  it("does each of more items than are locked at once, whichever of them are refused", async () => {
    // 100 names are locked at once; some are refused before that, and some under the lock
    const elsewhere = new Set([0, 99, 150]);
    const held = new Set([1, 100, 101, 204]);
    const nameAt = (index: number) =>
      elsewhere.has(index)
        ? `refused-${index}.${NESTED_DOMAIN}`
        : held.has(index)
          ? `held-${index}.${DOMAIN}`
          : freshName();
    const items = Array.from({ length: 205 }, (_, index) => ({
      name: nameAt(index),
      records: { texts: { index: String(index) } },
    }));
    for (const index of held) {
      const { name } = items[index]!;
      await putName(http.service.names, {
        ...emptyName(namehash(name), name, DOMAIN),
        held: true,
      });
    }
    const answer = await send(false, items);
    expect(answer.status).to.equal(200);
    expect(resultsOf(answer).map(({ name }) => name)).to.deep.equal(items.map(({ name }) => name));
    expect(outcomes(answer)).to.deep.equal(
      items.map((_, index) =>
        elsewhere.has(index) ? "FORBIDDEN" : held.has(index) ? "HELD_BY_OWNER" : "created",
      ),
    );
    for (const index of [2, 98, 102, 203]) {
      const { body } = await http.v1("GET", `/names/${items[index]!.name}`);
      expect(body).to.deep.include({ texts: { index: String(index) } });
    }
  });

  it("does none of more items than are locked at once when the last is refused", async () => {
    const items = Array.from({ length: 201 }, () => ({ name: freshName() }));
    const answer = await send(true, [...items, { name: `last.${NESTED_DOMAIN}` }]);
    expect(answer.body).to.deep.include({ code: "FORBIDDEN" });
    expect(answer.body["details"]).to.include({ item: 201 });
    for (const index of [0, 99, 100, 200]) {
      expect(await version(items[index]!.name)).to.equal(undefined);
    }
  });

  it("writes 2,000 names at once, and goes on answering in between", async () => {
    const items = Array.from({ length: 2_000 }, (_, index) => ({
      name: `bulk-${index}.${DOMAIN}`,
      records: { texts: { index: String(index) } },
    }));
    let longestMs = 0;
    let done = false;
    const isDone = () => done;
    const probes = (async () => {
      while (!isDone()) {
        const startMs = performance.now();
        await fetch(`${http.url}/health/live`);
        longestMs = Math.max(longestMs, performance.now() - startMs);
      }
    })();
    const answer = await send(true, items);
    done = true;
    await probes;
    expect(answer.status).to.equal(200);
    expect(new Set(outcomes(answer))).to.deep.equal(new Set(["created"]));
    expect(longestMs).to.be.below(2_000);
    const { body } = await http.v1("GET", `/names/bulk-1999.${DOMAIN}`);
    expect(body).to.deep.include({ texts: { index: "1999" } });
  });
});
