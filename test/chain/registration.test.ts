import { expect } from "chai";
import { readRegistration } from "../../src/chain/registration.js";
import { registrationState } from "../../src/chain/registrationState.js";
import { parseAddress } from "../../src/ens/address.js";
import { Deadline } from "../../src/fetch/deadline.js";
import { type Contract, deploy, ethers, latestTimestamp, send } from "../contracts/deployment.js";
import { deployEns, type LocalEns, provider } from "../lookup/localEns.js";

const DAY = 86_400n;
const ID = BigInt(ethers.id("example"));

describe("chain/registration", () => {
  let ens: LocalEns;
  let registry: Contract;
  let registrar: Contract;
  let wrapper: Contract;
  let admin: string;
  let buyer: string;
  let now: bigint;

  before(async () => {
    ens = await deployEns();
    registry = await ethers.getContractAt(
      [
        "function setSubnodeOwner(bytes32 node, bytes32 label, address owner)",
        "function setOwner(bytes32 node, address owner)",
      ],
      ens.ensRegistry,
    );
    const eth = ethers.namehash("eth");
    registrar = await deploy("Registrar", ens.ensRegistry, eth);
    wrapper = await deploy("NameWrapperStandIn", ens.ensRegistry);
    const [first, second] = await ethers.getSigners();
    admin = first!.address;
    buyer = second!.address;
  });
  beforeEach(async () => {
    await send(
      registry,
      "setSubnodeOwner",
      ethers.ZeroHash,
      ethers.id("eth"),
      await registrar.getAddress(),
    );
    now = await latestTimestamp();
  });

  const chain = () => ({ provider, deadline: new Deadline(10_000) });
  const registrationOf = (name: string) =>
    readRegistration(chain(), parseAddress(ens.ensRegistry), name);
  const stateOf = async (name: string) => {
    const registration = await registrationOf(name);
    expect(registration, name).to.not.equal(null);
    return registrationState(registration!);
  };
  const register = (owner: string, expirySec: bigint) =>
    send(registrar, "register", ID, owner, expirySec);

  it("is told for names at any depth below it, and is good when it lasts", async () => {
    await register(admin, now + 400n * DAY);
    for (const name of ["example.eth", "users.example.eth", "alice.users.example.eth"]) {
      const registration = await registrationOf(name);
      expect(registration).to.include({ name: "example.eth", registrant: admin, owner: admin });
      expect(await stateOf(name)).to.include({ kind: "good", advice: null });
    }
    expect((await stateOf("example.eth")).seen).to.match(/is registered until \d{4}-\d\d-\d\d$/);
  });

  it("does not concern other names, nor a chain whose .eth has no registrar", async () => {
    await register(admin, now + 400n * DAY);
    for (const name of ["eth", "example.com", "unregistered.eth"]) {
      expect(await registrationOf(name), name).to.equal(null);
    }
    await send(registry, "setSubnodeOwner", ethers.ZeroHash, ethers.id("eth"), admin);
    expect(await registrationOf("example.eth")).to.equal(null);
  });

  const ends: readonly (readonly [string, bigint, string, RegExp])[] = [
    ["30 days and a bit ahead", 31n * DAY, "good", /is registered until/],
    ["in 29 days", 29n * DAY, "endangered", /ends in 28 days/],
    ["a moment ago", -60n, "endangered", /grace period lasts until/],
    ["89 days ago", -89n * DAY, "endangered", /grace period lasts until/],
    ["91 days ago", -91n * DAY, "lost", /anybody can register it/],
  ];
  for (const [when, afterSec, kind, seen] of ends) {
    it(`is ${kind} when it ends ${when}`, async () => {
      await register(admin, now + afterSec);
      const state = await stateOf("users.example.eth");
      expect(state.kind).to.equal(kind);
      expect(state.seen).to.match(seen);
      expect(state.advice === null).to.equal(kind === "good");
    });
  }

  it("is endangered after a sale without reclaim, and good after it", async () => {
    await register(admin, now + 400n * DAY);
    await send(registrar, "transferFrom", admin, buyer, ID);
    const state = await stateOf("users.example.eth");
    expect(state.kind).to.equal("endangered");
    expect(state.seen).to.include(`by ${buyer}, but ${admin} owns it in the registry`);
    expect(state.advice).to.match(/should call reclaim/);
    const [, second] = await ethers.getSigners();
    await (await registrar.connect(second!).getFunction("reclaim").send(ID, buyer)).wait();
    expect((await stateOf("users.example.eth")).kind).to.equal("good");
  });

  describe("of a wrapped name", () => {
    const wrap = async (expirySec: bigint, wrapperExpirySec: bigint) => {
      await register(await wrapper.getAddress(), expirySec);
      const node = ethers.namehash("example.eth");
      await send(wrapper, "wrap", node, admin, 1n << 17n, wrapperExpirySec);
    };

    it("is good while the wrapper knows of the registration, and its grace period", async () => {
      const expirySec = now + 400n * DAY;
      await wrap(expirySec, expirySec + 90n * DAY);
      expect((await registrationOf("example.eth"))?.wrapped?.owner).to.equal(admin);
      expect((await stateOf("example.eth")).kind).to.equal("good");
    });

    it("is endangered when it was renewed past the wrapper", async () => {
      const expirySec = now + 400n * DAY;
      await wrap(expirySec, expirySec + 90n * DAY - 1n);
      const state = await stateOf("example.eth");
      expect(state.kind).to.equal("endangered");
      expect(state.seen).to.match(/renewed past the wrapper/);
    });
  });
});
