/**
 * Two installations that take turns: whatever is written, however often the follower is cut off, asks in vain or is told that it was
 * heard when it was not, and whoever is the primary, both have the same in the end, and nothing that was accepted is lost.
 */
import { expect } from "chai";
import { Wallet } from "ethers";
import fc from "fast-check";
import { fromHex } from "../../src/abi/hex.js";
import { domainStore } from "../../src/db/domainStore.js";
import { endFeed } from "../../src/db/feed/followedDomain.js";
import { nameStore } from "../../src/db/nameStore.js";
import { addressFrom } from "../../src/ens/address.js";
import { isSignpostError, SignpostError } from "../../src/errors.js";
import type { MirrorParts } from "../../src/mirror/followMirror.js";
import type { Primary } from "../../src/mirror/primary.js";
import { promoteMirror } from "../../src/mirror/promote.js";
import { apiKeyFrom } from "../../src/registry/domains/apiKey.js";
import type { RegistryStores } from "../../src/registry/store.js";
import { openTransfer, type Transfer } from "../capabilities/registry/transfer/openTransfer.js";
import { bytes } from "../db/sampleNames.js";
import { publishProfile, setRecords, writeAsService } from "../registry/changes/serviceWrites.js";
import { DOMAIN, openRegistry, profilesOf, type TestRegistry } from "../registry/openRegistry.js";
import {
  followToTheEnd,
  MIRROR_API_KEY,
  type MirrorHere,
  openMirrorHere,
  openServiceApi,
  type ServiceApi,
} from "./installations.js";

const RUNS = 6;
const LABELS = ["ada", "bob", "eve", "größe"];

const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant("write" as const),
      label: fc.constantFrom(...LABELS),
      what: fc.constantFrom("create", "text", "profile", "delete"),
      value: fc.nat(5),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant("follow" as const),
      failsAt: fc.option(fc.nat(8)),
      isHeard: fc.boolean(),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant("promote" as const),
      failsAt: fc.option(fc.nat(6)),
      isHeard: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("endFeed" as const) }) },
);
type Step = typeof step extends fc.Arbitrary<infer One> ? One : never;

interface Side {
  readonly here: MirrorHere;
  readonly stores: RegistryStores;
  readonly api: ServiceApi;
  readonly apiKey: string;
}

describe("mirror: two that take turns", function () {
  this.timeout(330_000);
  const wallet = Wallet.createRandom();
  let profiles: Awaited<ReturnType<typeof profilesOf>>;
  let transfer: Transfer;
  before(async () => {
    profiles = await profilesOf(wallet, 3);
    transfer = await openTransfer();
  });
  after(() => transfer.close());

  it("have the same in the end", async () => {
    await fc.assert(fc.asyncProperty(fc.array(step, { minLength: 6, maxLength: 24 }), run), {
      numRuns: RUNS,
    });
  });

  async function run(steps: readonly Step[]): Promise<void> {
    const registry = await openRegistry();
    const opened: (() => Promise<void>)[] = [];
    try {
      const first = await sideOf(registry.pool, apiKeyFrom(bytes(32, 0)), opened);
      const second = await sideOf(undefined, MIRROR_API_KEY, opened);
      let [primary, mirror] = [first, second];
      await mirror.here.add({ url: primary.api.url, apiKey: primary.apiKey });
      for (const one of steps) {
        if (one.do === "write") await write(primary.stores, one);
        if (one.do === "endFeed") await endFeed(primary.here.pool, DOMAIN);
        if (one.do === "follow") await broken(follow(primary, mirror, one));
        if (one.do === "promote") {
          if (!(await promoted(primary, mirror, one))) continue;
          [primary, mirror] = [mirror, primary];
          await mirror.here.add({ url: primary.api.url, apiKey: primary.apiKey });
        }
      }
      await followToTheEnd(partsOf(primary, mirror));
      const [there, here] = await Promise.all(
        [primary, mirror].map((side) => transfer.exported(side.here.pool)),
      );
      expect(here).to.equal(there);
    } finally {
      for (const close of opened.reverse()) await close();
      await registry.close();
    }
  }

  const partsOf = (
    primary: Side,
    mirror: Side,
    between?: (real: Primary) => Primary,
  ): MirrorParts => mirror.here.parts({ url: primary.api.url, apiKey: primary.apiKey }, between);

  const follow = (primary: Side, mirror: Side, outage: Outage) =>
    followToTheEnd(partsOf(primary, mirror, outageAt(outage)));

  /** A promotion that was cut off leaves the old primary frozen: nobody is changed until it is done again. */
  async function promoted(primary: Side, mirror: Side, outage: Outage): Promise<boolean> {
    const to = mirror.api.url;
    await follow(primary, mirror, { failsAt: null, isHeard: true });
    const promote = (between?: (real: Primary) => Primary) =>
      promoteMirror(partsOf(primary, mirror, between), { to, leavesBehind: false });
    if (outage.failsAt !== null && !(await broken(promote(outageAt(outage))))) return true;
    await promote();
    return true;
  }

  async function write(
    stores: RegistryStores,
    { label, what, value }: Extract<Step, { do: "write" }>,
  ) {
    const name = `${label}.${DOMAIN}`;
    const written =
      what === "text"
        ? setRecords(stores, { domain: DOMAIN, name, records: { texts: { url: String(value) } } })
        : what === "profile"
          ? publishProfile(stores, {
              ...{
                domain: DOMAIN,
                name,
                address: addressFrom(fromHex(wallet.address)),
              },
              signedUserProfile: profiles[value % profiles.length],
            })
          : writeAsService(stores, DOMAIN, name, [{ kind: what }]);
    // such as a profile that does not come back
    await Promise.resolve(written).catch((error: unknown) => {
      if (!isSignpostError(error) || error.code === "DOMAIN_FROZEN") throw error;
    });
  }

  async function sideOf(
    pool: TestRegistry["pool"] | undefined,
    apiKey: string,
    opened: (() => Promise<void>)[],
  ): Promise<Side> {
    const here = await openMirrorHere(pool);
    const api = await openServiceApi(here.pool);
    opened.push(
      () => here.close(),
      () => api.close(),
    );
    const stores = { names: nameStore(here.pool), domains: domainStore(here.pool) };
    return { here, stores, api, apiKey };
  }
});

interface Outage {
  /** Which of its questions; null: none. */
  readonly failsAt: number | null;
  /** Whether the primary heard the one that failed. */
  readonly isHeard: boolean;
}

const OUT = "The line is cut.";

/** Whether it was cut off. */
async function broken(work: Promise<unknown>): Promise<boolean> {
  try {
    await work;
    return false;
  } catch (error) {
    if (isSignpostError(error, "UNREACHABLE") && error.message === OUT) return true;
    // behind the fence, that is why
    if (isSignpostError(error, "PROMOTION_CUT_OFF") && error.message.includes(OUT)) return true;
    throw error;
  }
}

function outageAt({ failsAt, isHeard }: Outage) {
  return (real: Primary): Primary => {
    let asked = 0;
    const through =
      <Given extends unknown[], Told>(ask: (...given: Given) => Promise<Told>) =>
      async (...given: Given): Promise<Told> => {
        const isOut = failsAt !== null && asked++ >= failsAt;
        if (!isOut || isHeard) {
          const told = await ask(...given);
          if (!isOut) return told;
        }
        throw new SignpostError("UNREACHABLE", OUT, {});
      };
    return {
      changes: through((...given) => real.changes(...given)),
      names: through((...given) => real.names(...given)),
      gone: through((...given) => real.gone(...given)),
      domain: through(() => real.domain()),
      reservations: through((...given) => real.reservations(...given)),
      freeze: through((...given) => real.freeze(...given)),
      isFrozenFor: through((...given) => real.isFrozenFor(...given)),
      close: () => real.close(),
    };
  };
}
