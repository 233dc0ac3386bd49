/** An admin changes no domain that is changed elsewhere: a mirror, or one that is frozen. */
import { expect } from "chai";
import { domainStore } from "../../src/db/domainStore.js";
import { mirrorStore } from "../../src/db/mirror/mirrorStore.js";
import { addDomain } from "../../src/registry/access/addDomain.js";
import { handOverAsAdmin, withdrawAsAdmin } from "../../src/registry/changes/handOverName.js";
import { apiKeyFrom } from "../../src/registry/domains/apiKey.js";
import { bytes } from "../db/sampleNames.js";
import { expectRejection } from "../expectError.js";
import { writeAsService } from "../registry/changes/serviceWrites.js";
import {
  DOMAIN,
  NESTED_DOMAIN,
  openRegistry,
  type TestRegistry,
} from "../registry/openRegistry.js";
import {
  type MirrorHere,
  openMirrorHere,
  openServiceApi,
  type ServiceApi,
} from "./installations.js";

const handOver = handOverAsAdmin(Date.now);
const withdraw = withdrawAsAdmin(Date.now);
const BELOW = `new.${DOMAIN}`;
const TO = "https://new.example/";

describe("mirror: what an admin does to a domain that is changed elsewhere", () => {
  let there: TestRegistry;
  let api: ServiceApi;
  let here: MirrorHere;

  beforeEach(async () => {
    there = await openRegistry();
    api = await openServiceApi(there.pool);
    here = await openMirrorHere();
  });
  afterEach(async () => {
    await here.close();
    await api.close();
    await there.close();
  });

  const mirrored = () => here.add({ url: api.url, apiKey: apiKeyFrom(bytes(32, 0)) });
  const addBelow = (domains = domainStore(here.pool)) => {
    const served = { domain: BELOW, chainId: 1n, resolver: bytes(20, 9) };
    return addDomain(domains, served, apiKeyFrom(bytes(32, 9)), handOver);
  };
  const everyChange = (domains = domainStore(here.pool)) => ({
    add: () => addBelow(domains),
    remove: () => domains.removeDomain(DOMAIN, handOver),
    policy: () => domains.changeDomain(DOMAIN, { policy: { claims: "wallets" } }),
    takeOver: () => domains.takeOver(DOMAIN, handOver),
  });

  it("is refused for a mirror, with what to do instead", async () => {
    await mirrored();
    const domains = domainStore(here.pool);
    const before = await domains.domains();
    for (const [change, run] of Object.entries(everyChange())) {
      const wayOut = /mirror promote users\.example\.eth.*mirror remove users\.example\.eth/;
      await expectRejection(run(), "FORBIDDEN", wayOut).catch((error: unknown) => {
        throw new Error(`${change}: ${String(error)}`);
      });
    }
    // its key would stay behind
    await expectRejection(domains.removeDomain(DOMAIN, handOver, withdraw), "FORBIDDEN", /mirror/);
    expect(await domains.domains()).to.deep.equal(before);
    expect(await mirrorStore(here.pool).mirrorOf(DOMAIN)).to.not.equal(null);
  });

  it("may be to let its owner sign in, as each installation says that for itself", async () => {
    await mirrored();
    await there.stores.domains.freeze(DOMAIN, { to: TO });
    const refusals = [
      [domainStore(here.pool), "FORBIDDEN"],
      [there.stores.domains, "DOMAIN_FROZEN"],
    ] as const;
    for (const [domains, code] of refusals) {
      const switched = await domains.changeDomain(DOMAIN, { ownerSignsIn: true });
      expect(switched).to.include({ ownerSignsIn: true });
      const withOwner = domains.changeDomain(DOMAIN, { owner: null, ownerSignsIn: false });
      await expectRejection(withOwner, code, /./);
      const [after] = (await domains.domains()).filter(({ name }) => name === DOMAIN);
      expect(after).to.include({ ownerSignsIn: true });
    }
  });

  it("is refused for a frozen domain, and told how it is changed here again", async () => {
    const { domains } = there.stores;
    await domains.freeze(DOMAIN, { to: TO });
    for (const [change, run] of Object.entries(everyChange(domains))) {
      const wayOut = /changed at https:\/\/new\.example\/.*domain unfreeze users\.example\.eth/;
      await expectRejection(run(), "DOMAIN_FROZEN", wayOut).catch((error: unknown) => {
        throw new Error(`${change}: ${String(error)}`);
      });
    }
    // a domain below it would give its names back to it
    const removal = domains.removeDomain(NESTED_DOMAIN, handOver);
    const refused = await expectRejection(removal, "DOMAIN_FROZEN", /frozen/);
    expect(refused.message).to.not.include("domain remove");
    await domains.freeze(DOMAIN, null);
    await everyChange(domains).policy();
    await addBelow(domains);
  });

  it("takes a domain that has moved away, with its names", async () => {
    const { domains } = there.stores;
    await writeAsService(there.stores, DOMAIN, `ada.${DOMAIN}`, [{ kind: "create" }]);
    await domains.freeze(DOMAIN, { to: TO });
    expect(await domains.removeDomain(DOMAIN, handOver, withdraw)).to.include({ names: 1 });
  });
});
