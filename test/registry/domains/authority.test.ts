/** Random trees of domains that come, go, nest and change policy, compared with a model after every step. */
import { expect } from "chai";
import fc from "fast-check";
import { addressFrom } from "../../../src/ens/address.js";
import { namehash } from "../../../src/ens/namehash.js";
import { normalizeName } from "../../../src/ens/normalize.js";
import { type ErrorCode, isSignpostError } from "../../../src/errors.js";
import { verifyHistory } from "../../../src/registry/audit/verifyHistory.js";
import { changeName } from "../../../src/registry/changes/changeName.js";
import { handOverAsAdmin } from "../../../src/registry/changes/handOverName.js";
import { apiKeyFrom, newApiKey } from "../../../src/registry/domains/apiKey.js";
import type { Action } from "../../../src/registry/names/action.js";
import type { Authority } from "../../../src/registry/names/authority.js";
import { contentHash } from "../../../src/signing/nameRequest.js";
import { bytes } from "../../db/sampleNames.js";
import { openRegistry, type TestRegistry } from "../openRegistry.js";
import { DomainModel, type Step } from "./domainModel.js";

const WALKS = 12;
const STEPS = 40;
/** Fixed, because so few steps do not go everywhere by every seed. */
const SEED = 14;

const DOMAINS = ["root", "a.root", "b.a.root", "_b.root", "c.b.a.root"];
const NAMES = ["x", "ß", "ss"].flatMap((label) =>
  ["root", "a.root", "b.a.root", "ab.root"].map((parent) => `${label}.${parent}`),
);
/** Domains are names as well. */
const ALL_NAMES = [...NAMES, "a.root", "b.a.root"];

const steps: fc.Arbitrary<Step & { readonly isInRight: boolean }> = fc.record({
  kind: fc.constantFrom(
    ...(["add", "add", "remove", "policy", "reserve", "reserve"] as const),
    ...(["create", "delete", "publish", "publish", "claim", "claim", "claim"] as const),
  ),
  domain: fc.constantFrom(...DOMAINS),
  name: fc.constantFrom(...ALL_NAMES),
  wallet: fc.nat(1),
  isOpen: fc.boolean(),
  // mostly in the right of the domain that holds the name, or all would be refused
  isInRight: fc.integer({ min: 0, max: 5 }).map((chance) => chance > 0),
});

describe("registry: authority over random trees of domains", function () {
  this.timeout(180_000);
  let registry: TestRegistry;
  let [walk, fill] = [0, 0];
  const met = new Set<string>();

  before(async () => {
    registry = await openRegistry();
  });
  after(() => registry.close());

  const real = (name: string) => `${name}-${walk}.xyz`;
  const wallet = (index: number) => addressFrom(bytes(20, 0xa0 + index));
  const handOver = handOverAsAdmin(Date.now);
  const newKey = () => newApiKey(apiKeyFrom(namehash(`key-${fill++}`)));

  /** As the signature was proven already: how that is done is tested elsewhere. */
  async function asOwner(name: string, index: number): Promise<Authority> {
    const { sequence } = await registry.stores.names.signatureStateOf(namehash(name));
    const deadline = Math.floor(Date.now() / 1000) + 60;
    return {
      ...{ kind: "owner", address: wallet(index), signature: "0x", content: "{}" },
      signedFor: { chainId: 1n, resolver: bytes(20, 1) },
      request: {
        ...{ action: "claim", domain: "", name, contentHash: contentHash({}) },
        ...{ sequence: sequence + 1, deadline },
      },
    };
  }

  async function carryOut(step: Step): Promise<void> {
    const { domains } = registry.stores;
    const domain = real(step.domain);
    switch (step.kind) {
      case "add":
        await domains.addDomain(
          { chainId: 1n, resolver: bytes(20, 1), domain },
          newKey(),
          handOver,
        );
        return;
      case "remove":
        await domains.removeDomain(domain, handOver);
        return;
      case "policy": {
        const claims = step.isOpen ? "wallets" : "service";
        await domains.changeDomain(domain, { policy: { claims } });
        return;
      }
      case "reserve": {
        const name = normalizeName(real(step.name));
        await domains.reserve({ domain, name, wallet: wallet(step.wallet), untilMs: null });
        return;
      }
      case "create":
      case "delete":
      case "publish":
      case "claim": {
        const name = real(step.name);
        const isClaim = step.kind === "claim";
        const authority = isClaim
          ? await asOwner(name, step.wallet)
          : ({ kind: "service", keyId: "1" } as const);
        const actions = [actionOf(step)];
        await changeName(registry.stores, { domain, name, actions, authority }, Date.now);
      }
    }
  }

  function actionOf(step: Step): Action {
    if (step.kind === "claim") return { kind: "claim", owner: wallet(step.wallet) };
    if (step.kind !== "publish") return { kind: step.kind === "delete" ? "delete" : "create" };
    const address = wallet(step.wallet);
    // another one each time: what was retired is another test's
    return { kind: "publishProfile", address, record: "p", fingerprint: bytes(32, fill++ % 256) };
  }

  async function assertSame(model: DomainModel, steps: readonly Step[]): Promise<void> {
    const told = JSON.stringify(steps);
    for (const domain of DOMAINS) {
      const page = { prefix: "", after: "", limit: 100 };
      const { items } = await registry.stores.names.namesOfDomain(real(domain), page);
      const expected = model.domains.has(domain) ? model.namesOf(domain).map(real) : [];
      expect(
        items.map(({ name }) => name),
        told,
      ).to.have.members(expected);
      for (const { name, domain: said, held } of items) {
        const short = ALL_NAMES.find((one) => real(one) === name)!;
        expect({ said, held }, told).to.deep.equal({
          said: real(domain),
          held: model.names.get(short)!.held,
        });
      }
      const reserved = await registry.stores.domains.reservationsOf(real(domain), "", 100);
      const kept = model.reservationsOf(domain).map(real);
      expect(
        reserved.items.map(({ name }) => name),
        told,
      ).to.have.members(kept);
    }
    const { rows } = await registry.pool.query(
      "select from name where right(name, length($1)) = $1",
      [real("")],
    );
    expect(rows, told).to.have.length(model.names.size);
  }

  it("lets nobody hold, reserve, list or change a name but the domain that holds it now", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(steps, { minLength: STEPS, maxLength: STEPS }), async (walked) => {
        walk++;
        const model = new DomainModel();
        const done: Step[] = [];
        model.apply({ ...walked[0]!, kind: "add", domain: "root" });
        await carryOut({ ...walked[0]!, kind: "add", domain: "root" });
        for (const { isInRight, ...drawn } of walked) {
          const isOfDomain = ["add", "remove", "policy"].includes(drawn.kind);
          const holder = isInRight && !isOfDomain ? model.holderOf(drawn.name) : null;
          const step = { ...drawn, domain: holder ?? drawn.domain };
          done.push(step);
          const expected = model.apply(step);
          const found = await carryOut(step).then(
            () => null,
            (error: unknown): ErrorCode => {
              if (isSignpostError(error)) return error.code;
              throw error;
            },
          );
          expect(found, JSON.stringify(done)).to.equal(expected);
          met.add(`${step.kind} ${found ?? "done"}`);
          if (step.kind === "add" || step.kind === "remove") await assertSame(model, done);
        }
        await assertSame(model, done);
        for (const name of model.names.keys()) {
          const { broken } = await verifyHistory(registry.stores.names, namehash(real(name)));
          // nobody signed, so only an owner's entry can break, by its signature
          expect(broken?.reason ?? "its signature").to.match(/its signature/);
        }
      }),
      { numRuns: WALKS, seed: SEED, endOnFailure: true },
    );
  });

  it("goes everywhere", () => {
    expect([...met]).to.include.members([
      ...["add done", "add NAME_TAKEN", "remove done", "remove INVALID_REQUEST"],
      ...["reserve done", "reserve FORBIDDEN", "reserve NAME_TAKEN", "reserve NAME_RESERVED"],
      ...["create done", "create FORBIDDEN", "delete HELD_BY_OWNER", "delete done"],
      ...["publish done", "publish NAME_TAKEN", "publish NAME_RESERVED"],
      ...["claim done", "claim FORBIDDEN", "claim NAME_TAKEN", "claim NAME_RESERVED"],
      "claim POLICY_FORBIDS",
    ]);
  });
});
