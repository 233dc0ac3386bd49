/**
 * A random walk of a service's rows, outages, lookups by two processes, the service's own writes and its owners' signed requests over a few
 * names, compared with a small model: never an earlier profile, and never absent where it could not be found out.
 */
import { expect } from "chai";
import { type HDNodeWallet, Wallet } from "ethers";
import fc from "fast-check";
import { fromHex } from "../../../src/abi/hex.js";
import { recordSource } from "../../../src/db/recordSource.js";
import { servedProfiles } from "../../../src/db/servedProfiles.js";
import type { SignedUserProfile } from "../../../src/dm3/profile/profile.js";
import { DM3_PROFILE_KEY, encodeProfileRecord } from "../../../src/dm3/profile/profileRecord.js";
import { addressFrom } from "../../../src/ens/address.js";
import { namehash } from "../../../src/ens/namehash.js";
import { isSignpostError, SignpostError } from "../../../src/errors.js";
import { verifyHistory } from "../../../src/registry/audit/verifyHistory.js";
import { changeName } from "../../../src/registry/changes/changeName.js";
import type { Action } from "../../../src/registry/names/action.js";
import { profileAction } from "../../../src/registry/names/verifiedActions.js";
import { signedAction, verifySignedRequest } from "../../../src/registry/signed/signedRequest.js";
import { gatheredRows } from "../../../src/registry/sources/gatheredRows.js";
import { rememberedRows } from "../../../src/registry/sources/rememberedRows.js";
import type { RowSource, SourceRow } from "../../../src/registry/sources/source.js";
import { answerOfSource } from "../../../src/registry/sources/sourcedNames.js";
import { signedRequestSchema } from "../../../src/wire/signedRequestSchema.js";
import { DOMAIN, openRegistry, profilesOf, type TestRegistry } from "../openRegistry.js";
import { REGISTRY_RESOLVER, signRequest } from "../signed/signedRequests.js";

const NAMES = 2;
const WALLETS = 2;
const PROFILES = 2;
const WALKS = 20;
const STEPS = 50;
const SEED = 5;

type Kind =
  | "row"
  | "noRow"
  | "outage"
  | "lookUp"
  | "publish"
  | "remove"
  | "suspend"
  | "unsuspend"
  | "sign"
  | "signedDelete";
interface Step {
  readonly kind: Kind;
  readonly name: number;
  readonly wallet: number;
  readonly profile: number;
}

const steps: fc.Arbitrary<Step> = fc.record({
  kind: fc.constantFrom<Kind>(
    ...(["row", "row", "row", "noRow", "outage", "lookUp", "lookUp", "lookUp", "lookUp"] as const),
    ...([
      "publish",
      "publish",
      "remove",
      "remove",
      "suspend",
      "unsuspend",
      "sign",
      "signedDelete",
    ] as const),
  ),
  name: fc.nat(NAMES - 1),
  wallet: fc.nat(WALLETS - 1),
  profile: fc.nat(PROFILES - 1),
});

/** A profile, by who signed it and which of theirs it is. */
type Key = `${number}-${number}`;

class Model {
  row: { wallet: number; profile: number } | null = null;
  own: Key | "none" | null = null;
  isSuspended = false;
  last: Key | null = null;
  readonly retired = new Set<Key>();
  readonly givenUp = new Set<number>();

  /** What our own row became. */
  ownIs(after: Key | "none" | null): void {
    if (this.own !== null && this.own !== "none" && this.own !== after) this.retired.add(this.own);
    if (after !== null && after !== "none" && this.last !== null && this.last !== after) {
      this.retired.add(this.last);
      this.last = null;
    }
    this.own = after;
  }

  /** The profile that the name answers with, "" where it is absent. */
  lookUp(isOutage: boolean): Key | "" | "could not find out" {
    if (this.own !== null) return this.isSuspended || this.own === "none" ? "" : this.own;
    if (isOutage) return "could not find out";
    if (this.row === null || this.givenUp.has(this.row.wallet)) return "";
    const key: Key = `${this.row.wallet}-${this.row.profile}`;
    if (this.retired.has(key)) return "";
    if (this.last !== null && this.last !== key) this.retired.add(this.last);
    this.last = key;
    return key;
  }
}

describe("registry/sources: a random walk", function () {
  this.timeout(720_000);
  let registry: TestRegistry;
  let wallets: HDNodeWallet[];
  let profiles: SignedUserProfile[][];
  let walk = 0;

  before(async () => {
    registry = await openRegistry();
    await registry.stores.domains.changeDomain(DOMAIN, { policy: { claims: "wallets" } });
    wallets = Array.from({ length: WALLETS }, () => Wallet.createRandom());
    profiles = await Promise.all(wallets.map((wallet) => profilesOf(wallet, PROFILES)));
  });
  after(() => registry.close());

  const labelOf = (index: number) => `walk-${walk}-${index}`;
  const nameOf = (index: number) => `${labelOf(index)}.${DOMAIN}`;
  const addressOf = (wallet: number) => addressFrom(fromHex(wallets[wallet]!.address));
  const recordOf = (key: Key) => {
    const [wallet = 0, profile = 0] = key.split("-").map(Number);
    return encodeProfileRecord(profiles[wallet]![profile]!);
  };

  /** The service's data, in the hands of this test. */
  class Rows implements Pick<RowSource, "rowsOf"> {
    isOutage = false;
    readonly rows = new Map<string, SourceRow>();

    put(index: number, { wallet, profile }: { wallet: number; profile: number }): void {
      this.rows.set(labelOf(index), {
        wallet: wallets[wallet]!.address,
        profile: JSON.stringify(profiles[wallet]![profile]),
        ...{ texts: new Map(), addresses: new Map(), contenthash: null },
      });
    }

    rowsOf(labels: readonly string[]) {
      if (this.isOutage) {
        const details = { source: "1", domain: DOMAIN, reason: "gone" };
        return Promise.reject(new SignpostError("SOURCE_UNAVAILABLE", "It is gone.", details));
      }
      return Promise.resolve(
        new Map(
          labels.flatMap((label) => {
            const row = this.rows.get(label);
            return row ? [[label, row] as const] : [];
          }),
        ),
      );
    }
  }

  /** One process of ours, without what it remembers of outages. */
  const lookUp = async (rows: Rows, index: number) => {
    let turn = 0;
    const options = { nowMs: () => (turn += 1000), inNextTurn: setImmediate, after: setTimeout };
    const source = { id: "1", domain: DOMAIN };
    const asked = rememberedRows(gatheredRows(source, rows, options), 0, options.nowMs);
    const parts = {
      ...recordSource(registry.pool),
      served: servedProfiles(registry.pool),
      noteProblem: () => undefined,
    };
    const name = nameOf(index);
    try {
      const { served } = await answerOfSource(
        parts,
        { ...source, rows: asked },
        name,
        namehash(name),
      );
      return served?.records.texts.get(DM3_PROFILE_KEY) ?? "";
    } catch (error) {
      if (isSignpostError(error, "SOURCE_UNAVAILABLE")) return "could not find out";
      throw error;
    }
  };

  /** What the registry makes of it; a refusal changes nothing. */
  async function change({ kind, name, wallet, profile }: Step): Promise<boolean> {
    const target = { domain: DOMAIN, name: nameOf(name) };
    const service = { kind: "service", keyId: "1" } as const;
    const byService: Partial<Record<Kind, () => Action>> = {
      publish: () => profileAction(addressOf(wallet), profiles[wallet]![profile]),
      remove: () => ({ kind: "delete" }),
      suspend: () => ({ kind: "suspend", reason: "a reason" }),
      unsuspend: () => ({ kind: "unsuspend" }),
    };
    try {
      const make = byService[kind];
      if (make) {
        const actions = [make()];
        await changeName(registry.stores, { ...target, actions, authority: service }, Date.now);
        return true;
      }
      const { sequence } = await registry.stores.names.signatureStateOf(namehash(target.name));
      const body = await signRequest(wallets[wallet]!, {
        ...{ action: kind === "sign" ? "publishProfile" : "delete", ...target },
        content: kind === "sign" ? { signedUserProfile: profiles[wallet]![profile] } : {},
        ...{ sequence: sequence + 1, signedFor: REGISTRY_RESOLVER },
      });
      const { authority, ...verified } = await verifySignedRequest(
        registry.stores.domains,
        signedRequestSchema.parse(body),
      );
      const actions = [signedAction({ authority, ...verified })];
      await changeName(registry.stores, { ...target, actions, authority }, Date.now);
      return true;
    } catch (error) {
      if (isSignpostError(error)) return false;
      throw error;
    }
  }

  async function follow(model: Model, step: Step): Promise<void> {
    if (!(await change(step))) return;
    const stored = await registry.stored(nameOf(step.name));
    model.ownIs(
      stored === null
        ? null
        : stored.profileFingerprint
          ? `${step.wallet}-${step.profile}`
          : "none",
    );
    model.isSuspended = Boolean(stored?.suspension);
    if (step.kind === "signedDelete") model.givenUp.add(step.wallet);
  }

  it(`${WALKS} walks of ${STEPS} steps answer as the model does`, async () => {
    const seen = new Set<string>();
    await fc.assert(
      fc.asyncProperty(fc.array(steps, { minLength: STEPS, maxLength: STEPS }), async (all) => {
        walk++;
        const rows = new Rows();
        const models = Array.from({ length: NAMES }, () => new Model());
        for (const step of all) {
          const model = models[step.name]!;
          switch (step.kind) {
            case "row":
              model.row = { wallet: step.wallet, profile: step.profile };
              rows.put(step.name, model.row);
              break;
            case "noRow":
              model.row = null;
              rows.rows.delete(labelOf(step.name));
              break;
            case "outage":
              rows.isOutage = !rows.isOutage;
              break;
            case "lookUp": {
              const answers = await Promise.all([lookUp(rows, step.name), lookUp(rows, step.name)]);
              const expected = model.lookUp(rows.isOutage);
              const text = expected.includes("-") ? recordOf(expected as Key) : expected;
              expect(answers, JSON.stringify(all.slice(0, all.indexOf(step) + 1))).to.deep.equal([
                text,
                text,
              ]);
              const by = model.own === null ? "source" : "own row";
              seen.add(`${by} ${expected.includes("-") ? "a profile" : expected}`);
              break;
            }
            case "suspend":
            case "unsuspend":
              if (await change(step)) model.isSuspended = step.kind === "suspend";
              break;
            case "publish":
            case "remove":
            case "sign":
            case "signedDelete":
              await follow(model, step);
          }
        }
        for (let index = 0; index < NAMES; index++) {
          const verdict = await verifyHistory(registry.stores.names, namehash(nameOf(index)));
          expect(verdict).to.deep.include({ broken: null, foundLater: [] });
        }
      }),
      { numRuns: WALKS, endOnFailure: true, seed: SEED },
    );
    expect([...seen].sort()).to.deep.equal([
      "own row ",
      "own row a profile",
      "source ",
      "source a profile",
      "source could not find out",
    ]);
  });
});
