/** How a promotion ends that fails behind its fence: nobody is told to unfreeze a primary whose domain may be changed here. */
import { expect } from "chai";
import { linesOfMirror } from "../../src/capabilities/registry/commands/mirror/mirrorText.js";
import { domainStore } from "../../src/db/domainStore.js";
import { mirrorStore } from "../../src/db/mirror/mirrorStore.js";
import { SignpostError } from "../../src/errors.js";
import type { MirrorStore } from "../../src/mirror/mirrorStore.js";
import type { Primary } from "../../src/mirror/primary.js";
import { promoteMirror } from "../../src/mirror/promote.js";
import { apiKeyFrom } from "../../src/registry/domains/apiKey.js";
import { bytes } from "../db/sampleNames.js";
import { expectRejection } from "../expectError.js";
import { writeAsService } from "../registry/changes/serviceWrites.js";
import { DOMAIN, openRegistry, type TestRegistry } from "../registry/openRegistry.js";
import {
  followToTheEnd,
  type MirrorHere,
  openMirrorHere,
  openServiceApi,
  type ServiceApi,
} from "./installations.js";

const TO = "https://new.example/";
const OTHER_TOKEN = "00000000-0000-4000-8000-000000000001";

describe("mirror: how a promotion ends that fails behind its fence", () => {
  let old: TestRegistry;
  let oldApi: ServiceApi;
  let here: MirrorHere;

  beforeEach(async () => {
    old = await openRegistry();
    oldApi = await openServiceApi(old.pool);
    here = await openMirrorHere();
    await writeAsService(old.stores, DOMAIN, `first.${DOMAIN}`, [{ kind: "create" }]);
    await here.add(place());
    await followToTheEnd(here.parts(place()));
  });
  afterEach(async () => {
    await here.close();
    await oldApi.close();
    await old.close();
  });

  const place = () => ({ url: oldApi.url, apiKey: apiKeyFrom(bytes(32, 0)) });
  const mirrorHere = () => mirrorStore(here.pool).mirrorOf(DOMAIN);
  const frozenHere = async () =>
    (await domainStore(here.pool).domains()).find(({ name }) => name === DOMAIN)?.frozen;

  function promote({ store, primary }: Broken = {}, to: string | null = TO) {
    const parts = here.parts(place(), (real) => ({ ...real, ...primary?.(real) }));
    const broken = { ...parts, store: { ...parts.store, ...store?.(parts.store) } };
    return promoteMirror(broken, { to, leavesBehind: false });
  }

  /** What a run is told that must not know of the fence as one that may be taken back. */
  async function expectNoUnfreeze(run: Promise<unknown>, sentence: RegExp) {
    const cut = await expectRejection(run, "PROMOTION_CUT_OFF", sentence);
    expect(cut.message)
      .to.match(/mirror show users\.example\.eth/)
      .and.not.include("unfreeze");
    return cut;
  }

  for (const to of [TO, null]) {
    it(`is a promotion where only the answer to its last write was lost (to ${to})`, async () => {
      const unheard = (real: MirrorStore) => ({
        promote: async (...given: Parameters<MirrorStore["promote"]>) => {
          await real.promote(...given);
          throw unavailable();
        },
      });
      expect(await promote({ store: unheard }, to)).to.include({ isByAnother: false });
      expect(await frozenHere()).to.equal(null);
    });
  }

  it("is a promotion where another run came to its end first", async () => {
    const afterAnother = (real: Primary) => ({
      changes: async (...given: Parameters<Primary["changes"]>) => {
        if ((await mirrorHere()) !== null) await promote();
        return real.changes(...given);
      },
    });
    expect(await promote({ primary: afterAnother })).to.include({ isByAnother: true });
    expect(await frozenHere()).to.equal(null);
  });

  it("says that it may be changed here where the database does not say", async () => {
    const away = () => ({
      promote: () => Promise.reject(unavailable()),
      renew: () => Promise.reject(unavailable()),
    });
    const cut = await expectNoUnfreeze(promote({ store: away }), /may be changed here already/);
    expect(cut.details).to.deep.equal({
      ...{ domain: DOMAIN, primary: oldApi.url, to: TO },
      ...{ frozenThere: "yes", because: "DATABASE_UNAVAILABLE" },
    });
    await expectNoUnfreeze(promote({ store: away }, null), /may be changed here already/);
  });

  it("names no way back where another process has the lease", async () => {
    const overtaken = (real: MirrorStore) => ({
      promote: async (...given: Parameters<MirrorStore["promote"]>) => {
        await real.take({ domain: DOMAIN, token: OTHER_TOKEN }, 60_000, true);
        return real.promote(...given);
      },
    });
    await expectNoUnfreeze(promote({ store: overtaken }), /Another process took over/);
    expect(await frozenHere()).to.not.equal(null);
  });

  it("says so where the mirror was removed meanwhile", async () => {
    const removed = (real: MirrorStore) => ({
      promote: async (...given: Parameters<MirrorStore["promote"]>) => {
        await real.remove(DOMAIN);
        return real.promote(...given);
      },
    });
    const said = /removed meanwhile.*may be frozen at .*doctor/;
    await expectRejection(promote({ store: removed }), "NOT_FOUND", said);
  });

  it("says at the next run that it is promoted already", async () => {
    await promote();
    await expectRejection(promote(), "NOT_FOUND", /promoted already/);
  });

  it("tells whom an earlier run left behind the fence, whatever fails before it", async () => {
    const gone = () => ({
      changes: () => Promise.reject(new SignpostError("UNREACHABLE", "Gone.", {})),
    });
    await expectRejection(promote({ primary: gone }), "PROMOTION_CUT_OFF", /Gone/);
    const failing = () => ({ notePromotion: () => Promise.reject(unavailable()) });
    const cut = await expectRejection(
      promote({ store: failing }),
      "PROMOTION_CUT_OFF",
      /may be frozen at its old primary.*unfreeze/,
    );
    expect(cut.message).to.not.include("nobody changes it");
  });

  it("does not take over where somebody unfroze the primary meanwhile, or froze it for another", async () => {
    const { domains } = old.stores;
    const OTHER = "00000000-0000-4000-8000-000000000002";
    for (const fence of [null, { to: TO, by: OTHER }]) {
      const unfrozen = (real: Primary) => ({
        changes: async (...given: Parameters<Primary["changes"]>) => {
          await domains.freeze(DOMAIN, null);
          if (fence !== null) await domains.fence(DOMAIN, fence);
          return real.changes(...given);
        },
      });
      const run = promote({ primary: unfrozen });
      await expectRejection(run, "MIRROR_NOT_READY", /not frozen for this mirror/);
      expect(await frozenHere()).to.not.equal(null);
      expect(await mirrorHere()).to.include({ promotingTo: null, isPromoting: false });
      await domains.freeze(DOMAIN, null);
    }
  });

  it("takes over from a primary that was frozen, and does not answer any more", async () => {
    const silent = () => ({
      isFrozenFor: () => Promise.reject(new SignpostError("UNREACHABLE", "Gone.", {})),
    });
    await promote({ primary: silent });
    expect(await frozenHere()).to.equal(null);
  });

  it("shows a promotion that is under way as one, and no way back", async () => {
    const shown: string[] = [];
    const show = async () => linesOfMirror((await mirrorHere())!, [], Date.now()).join("\n");
    const looking = () => ({
      changes: async () => {
        shown.push(await show());
        throw new SignpostError("UNREACHABLE", "Gone.", {});
      },
    });
    await expectRejection(promote({ primary: looking }), "PROMOTION_CUT_OFF", /Gone/);
    expect(shown[0])
      .to.match(/under way/)
      .and.not.include("unfreeze");
    // it has ended; the service that follows has the lease again
    expect(await show()).to.match(/was begun and has not ended.*unfreeze/);
    await followToTheEnd(here.parts(place()));
    expect(await show()).to.match(/was begun and has not ended.*unfreeze/);
  });
});

interface Broken {
  readonly store?: (real: MirrorStore) => Partial<MirrorStore>;
  readonly primary?: (real: Primary) => Partial<Primary>;
}

function unavailable(): SignpostError {
  return new SignpostError("DATABASE_UNAVAILABLE", "It went away.", {});
}
