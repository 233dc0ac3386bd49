/** The fence around an old primary: it is one mirror's, and whoever is cut off behind it is told so. */
import { expect } from "chai";
import { linesOfMirror } from "../../src/capabilities/registry/commands/mirror/mirrorText.js";
import { domainStore } from "../../src/db/domainStore.js";
import { mirrorStore } from "../../src/db/mirror/mirrorStore.js";
import { namehash } from "../../src/ens/namehash.js";
import { type ErrorCode, SignpostError } from "../../src/errors.js";
import type { Primary } from "../../src/mirror/primary.js";
import { promoteMirror } from "../../src/mirror/promote.js";
import { apiKeyFrom } from "../../src/registry/domains/apiKey.js";
import { bytes } from "../db/sampleNames.js";
import { expectRejection } from "../expectError.js";
import { writeAsService } from "../registry/changes/serviceWrites.js";
import { DOMAIN, openRegistry, type TestRegistry } from "../registry/openRegistry.js";
import {
  followToTheEnd,
  MIRROR_API_KEY,
  type MirrorHere,
  openMirrorHere,
  openServiceApi,
  type ServiceApi,
} from "./installations.js";

const API_KEY = apiKeyFrom(bytes(32, 0));
const TO = "https://new.example/";

describe("mirror: the fence around an old primary", () => {
  let old: TestRegistry;
  let oldApi: ServiceApi;
  let first: MirrorHere;
  let second: MirrorHere;

  beforeEach(async () => {
    old = await openRegistry();
    oldApi = await openServiceApi(old.pool);
    [first, second] = [await openMirrorHere(), await openMirrorHere()];
    await writeAsService(old.stores, DOMAIN, `first.${DOMAIN}`, [{ kind: "create" }]);
    for (const mirror of [first, second]) {
      await mirror.add(place());
      await followToTheEnd(mirror.parts(place()));
    }
  });
  afterEach(async () => {
    await Promise.all([first.close(), second.close()]);
    await oldApi.close();
    await old.close();
  });

  const place = () => ({ url: oldApi.url, apiKey: API_KEY });
  const promote = (mirror: MirrorHere, to: string | null = TO, between?: Between) =>
    promoteMirror(mirror.parts(place(), between), { to, leavesBehind: false });
  const mirrorOf = ({ pool }: MirrorHere) => mirrorStore(pool).mirrorOf(DOMAIN);
  const frozenAt = async ({ pool }: Pick<MirrorHere, "pool">) =>
    (await domainStore(pool).domains()).find(({ name }) => name === DOMAIN)?.frozen;

  it("is set by one of two mirrors with the same --to, and not by the other", async () => {
    await expectRejection(promote(first, TO, withoutFeed), "PROMOTION_CUT_OFF", /Gone/);
    const taken = /another mirror .*domain unfreeze users\.example\.eth/;
    const late = await expectRejection(promote(second), "DOMAIN_FROZEN", taken);
    expect(late.details).to.deep.equal({ domain: DOMAIN, to: TO });
    expect(await mirrorOf(second)).to.include({ promotingTo: null });
    await promote(first);
    await expectRejection(promote(second), "DOMAIN_FROZEN", taken);
    expect(await frozenAt(first)).to.equal(null);
    expect(await frozenAt(second)).to.not.equal(null);
  });

  it("is set again by the same mirror, also with another --to", async () => {
    await expectRejection(promote(first, TO, withoutFeed), "PROMOTION_CUT_OFF", /Gone/);
    const right = "https://right.example/";
    await promote(first, right);
    expect(await frozenAt(old)).to.deep.equal({ to: right });
  });

  it("is one mirror's of two that come at the same moment", async () => {
    const runs = [promote(first), promote(second)];
    const outcomes = await Promise.allSettled(runs);
    expect(outcomes.map(({ status }) => status).sort()).to.deep.equal(["fulfilled", "rejected"]);
    const refused = runs[outcomes.findIndex(({ status }) => status === "rejected")]!;
    await expectRejection(refused, "DOMAIN_FROZEN", /another mirror/);
  });

  it("falls with `domain unfreeze`, and then another mirror may set it", async () => {
    await expectRejection(promote(first, TO, withoutFeed), "PROMOTION_CUT_OFF", /Gone/);
    await old.stores.domains.freeze(DOMAIN, null);
    await promote(second);
    await expectRejection(promote(first), "DOMAIN_FROZEN", /another mirror/);
    expect(await mirrorOf(first)).to.include({ promotingTo: null });
  });

  it("is not set where the domain was sent there by hand, for whomever; frozen alone it may have been", async () => {
    const { domains } = old.stores;
    await domains.freeze(DOMAIN, { to: TO });
    await expectRejection(promote(first), "DOMAIN_FROZEN", /already, by hand/);
    await domains.freeze(DOMAIN, { to: null });
    await promote(first);
    await expectRejection(promote(second), "DOMAIN_FROZEN", /another mirror/);
  });

  it("stays where the old primary followed the new one for a while", async () => {
    const firstApi = await openServiceApi(first.pool);
    await promote(first, firstApi.url);
    const back = await openMirrorHere(old.pool);
    await back.add({ url: firstApi.url, apiKey: apiKeyFrom(bytes(32, 0x77)) });
    await expectRejection(promote(second, firstApi.url), "DOMAIN_FROZEN", /is a mirror itself/);
    await mirrorStore(old.pool).remove(DOMAIN);
    await expectRejection(promote(second, firstApi.url), "DOMAIN_FROZEN", /another mirror/);
    await back.close();
    await firstApi.close();
  });

  it("tells whom it refuses who set it, and what to do", async () => {
    await promote(first);
    const anothers = /another mirror.*sends writers to https:\/\/new\.example\/.*unfreeze/;
    const own = "https://own.example/";
    const late = await expectRejection(promote(second, own), "DOMAIN_FROZEN", anothers);
    expect(late.details).to.deep.equal({ domain: DOMAIN, to: TO });
    await old.stores.domains.freeze(DOMAIN, { to: TO });
    const byHand = /by hand.*sends writers to https:\/\/new\.example\/.*unfreeze/;
    await expectRejection(promote(second, own), "DOMAIN_FROZEN", byHand);
  });

  it("is not set around a mirror, nor around what was one: its primary goes on", async () => {
    const firstApi = await openServiceApi(first.pool);
    const behind = await openMirrorHere();
    const its = { url: firstApi.url, apiKey: MIRROR_API_KEY };
    await behind.add(its);
    await followToTheEnd(behind.parts(its));
    const promoteBehind = () => promoteMirror(behind.parts(its), { to: TO, leavesBehind: false });
    const told = await expectRejection(promoteBehind(), "DOMAIN_FROZEN", /is a mirror itself/);
    expect(told.message).to.not.include(new URL(oldApi.url).host);
    await mirrorStore(first.pool).remove(DOMAIN);
    await expectRejection(promoteBehind(), "DOMAIN_FROZEN", /since it was one itself.*unfreeze/);
    expect(await frozenAt(behind)).to.not.equal(null);
    await domainStore(first.pool).freeze(DOMAIN, null);
    await promoteBehind();
    await behind.close();
    await firstApi.close();
  });

  it("tells who is cut off behind it that nobody changes the domain, and both ways out", async () => {
    const cut = await expectRejection(
      promote(first, TO, withoutFeed),
      "PROMOTION_CUT_OFF",
      /frozen at its old primary.*Gone.*mirror promote users\.example\.eth --to https:\/\/new\.example\/.*domain unfreeze users\.example\.eth/,
    );
    expect(cut.details).to.deep.equal({
      ...{ domain: DOMAIN, primary: oldApi.url, to: TO },
      ...{ frozenThere: "yes", because: "UNREACHABLE" },
    });
    expect(await mirrorOf(first)).to.include({ promotingTo: TO });
    // whatever keeps it from going on then: the primary is frozen still
    const values = [DOMAIN, namehash("bad"), "bad"];
    await first.pool.query(
      "insert into mirror_problem (domain, node, name, outcome, reason) values ($1, $2, $3, 'refused', 'r')",
      values,
    );
    const again = await expectRejection(promote(first), "PROMOTION_CUT_OFF", /1 names are not/);
    expect(again.details).to.include({ frozenThere: "maybe", because: "MIRROR_NOT_READY" });
  });

  it("says that it may be set where the answer did not come", async () => {
    const unheard = (primary: Primary): Primary => ({
      ...primary,
      freeze: async (...given) => {
        await primary.freeze(...given);
        throw new SignpostError("UNREACHABLE", "Gone.", {});
      },
    });
    const cut = await expectRejection(promote(first, TO, unheard), "PROMOTION_CUT_OFF", /may be/);
    expect(cut.details).to.include({ frozenThere: "maybe", because: "UNREACHABLE" });
    await promote(first);
    expect(await frozenAt(first)).to.equal(null);
  });

  it("is not spoken of where it was never asked for", async () => {
    await oldApi.close();
    await expectRejection(promote(first), "UNREACHABLE", /./);
    expect(await mirrorOf(first)).to.include({ promotingTo: null });
    const { port } = new URL(oldApi.url);
    oldApi = await openServiceApi(old.pool, Number(port));
  });

  it("is not spoken of where it was refused, unless an earlier run may have set it", async () => {
    const refusing = (code: ErrorCode) => (primary: Primary) => ({
      ...primary,
      freeze: () => Promise.reject(new SignpostError(code, "No.", {})),
    });
    const codes = ["UNAUTHORIZED", "FORBIDDEN", "INVALID_REQUEST", "LIMIT_EXCEEDED"] as const;
    for (const code of codes) {
      await expectRejection(promote(first, TO, refusing(code)), code, /^No/);
      expect(await mirrorOf(first)).to.include({ promotingTo: null });
    }
    await expectRejection(promote(first, TO, withoutFeed), "PROMOTION_CUT_OFF", /Gone/);
    for (const code of codes) {
      const cut = await expectRejection(
        promote(first, TO, refusing(code)),
        "PROMOTION_CUT_OFF",
        /may be frozen.* No\./,
      );
      expect(cut.details).to.include({ frozenThere: "maybe", because: code });
      expect(await mirrorOf(first)).to.include({ promotingTo: TO });
    }
  });

  it("stays in the mirror's row when it follows again", async () => {
    await expectRejection(promote(first, TO, withoutFeed), "PROMOTION_CUT_OFF", /Gone/);
    await followToTheEnd(first.parts(place()));
    const mirror = (await mirrorOf(first))!;
    expect(mirror.promotingTo).to.equal(TO);
    expect(linesOfMirror(mirror, [], Date.now()).join()).to.match(
      /a promotion was begun .* may be frozen: .*mirror promote .* --to https:\/\/new\.example\/.*unfreeze/,
    );
  });
});

type Between = (primary: Primary) => Primary;

/** What comes behind the fence fails. */
function withoutFeed(primary: Primary): Primary {
  const gone = () => Promise.reject(new SignpostError("UNREACHABLE", "Gone.", {}));
  return { ...primary, changes: gone };
}
