import { expect } from "chai";
import { dm3Obstacles } from "../../../src/registry/dm3/dm3Domains.js";
import { DOMAIN, openRegistry, OTHER_DOMAIN, type TestRegistry } from "../openRegistry.js";

describe("registry/dm3Domains", () => {
  let registry: TestRegistry;

  before(async () => {
    registry = await openRegistry();
  });
  after(() => registry.close());

  const obstacles = (addresses: string, names: string | null) =>
    dm3Obstacles(registry.stores.domains, { addresses, names });

  it("tells of domains that are not served, each with what to do", async () => {
    const [first, second, ...rest] = await obstacles("addr.eth", "user.eth");
    expect(first).to.match(/^DM3_ADDRESS_DOMAIN is addr\.eth, .*`signpost domain add addr\.eth /);
    expect(second).to.match(/^DM3_NAME_DOMAIN is user\.eth, .*`signpost domain add user\.eth /);
    expect(rest).to.deep.equal([]);
  });

  it("tells of policies under which wallets can do nothing, until they can", async () => {
    const before = await obstacles(DOMAIN, OTHER_DOMAIN);
    expect(before[0]).to.include(`domain policy ${DOMAIN} --address-names on`);
    expect(before[1]).to.include(`domain policy ${OTHER_DOMAIN} --claims wallets`);
    expect(before).to.have.length(2);
    const { domains } = registry.stores;
    await domains.changeDomain(DOMAIN, { policy: { addressNames: true } });
    expect(await obstacles(DOMAIN, OTHER_DOMAIN)).to.deep.equal([before[1]]);
    expect(await obstacles(DOMAIN, null)).to.deep.equal([]);
    await domains.changeDomain(OTHER_DOMAIN, { policy: { claims: "wallets" } });
    expect(await obstacles(DOMAIN, OTHER_DOMAIN)).to.deep.equal([]);
  });
});
