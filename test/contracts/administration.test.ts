import { expect } from "chai";
import {
  type Contract,
  deployResolver,
  ethers,
  gatewaySignerAddress,
  MAX_VALIDITY_SEC,
  read,
  send,
  URLS,
} from "./deployment.js";

const ZERO = ethers.ZeroAddress;
const other = ethers.computeAddress(`0x${"22".repeat(32)}`);

describe("OffchainResolver's administration", () => {
  let resolver: Contract;
  let owner: string;
  let stranger: string;
  let asStranger: Contract;
  beforeEach(async () => {
    const accounts = await ethers.getSigners();
    owner = accounts[0]!.address;
    stranger = accounts[1]!.address;
    resolver = await deployResolver();
    const address = await resolver.getAddress();
    asStranger = await ethers.getContractAt("OffchainResolver", address, accounts[1]);
  });

  describe("deployment", () => {
    it("sets owner, signers, URLs and validity, each with its event", async () => {
      expect(await read(resolver, "owner")).to.equal(owner);
      expect(await read(resolver, "signers")).to.deep.equal([gatewaySignerAddress]);
      expect(await read(resolver, "urls")).to.deep.equal(URLS);
      expect(await read(resolver, "maxValiditySec")).to.equal(MAX_VALIDITY_SEC);
      const deployment = resolver.deploymentTransaction()!;
      await expect(deployment).to.emit(resolver, "SignerAdded").withArgs(gatewaySignerAddress);
      await expect(deployment).to.emit(resolver, "UrlsChanged").withArgs(URLS);
      await expect(deployment).to.emit(resolver, "MaxValidityChanged").withArgs(MAX_VALIDITY_SEC);
      await expect(deployment).to.emit(resolver, "OwnershipTransferred").withArgs(ZERO, owner);
    });

    it("takes an owner other than the deployer", async () => {
      expect(await read(await deployResolver({ owner: stranger }), "owner")).to.equal(stranger);
    });

    it("refuses what the setters refuse", async () => {
      await expect(deployResolver({ owner: ZERO }))
        .to.be.revertedWithCustomError(resolver, "OwnableInvalidOwner")
        .withArgs(ZERO);
      await expect(deployResolver({ signers: [] })).to.be.revertedWithCustomError(
        resolver,
        "NoSigners",
      );
      await expect(deployResolver({ signers: [other, ZERO] })).to.be.revertedWithCustomError(
        resolver,
        "ZeroSigner",
      );
      await expect(deployResolver({ signers: [other, other] }))
        .to.be.revertedWithCustomError(resolver, "DuplicateSigner")
        .withArgs(other);
      await expect(deployResolver({ urls: [] }))
        .to.be.revertedWithCustomError(resolver, "InvalidUrlCount")
        .withArgs(0n);
      await expect(deployResolver({ maxValiditySec: 59n }))
        .to.be.revertedWithCustomError(resolver, "InvalidMaxValidity")
        .withArgs(59n, 60n, 86_400n);
    });
  });

  describe("gatewaySigners", () => {
    it("are added, listed, told apart and removed", async () => {
      await expect(send(resolver, "addSigner", other))
        .to.emit(resolver, "SignerAdded")
        .withArgs(other);
      expect(await read(resolver, "signers")).to.have.members([gatewaySignerAddress, other]);
      expect(await read(resolver, "isSigner", other)).to.be.true;
      await expect(send(resolver, "removeSigner", gatewaySignerAddress))
        .to.emit(resolver, "SignerRemoved")
        .withArgs(gatewaySignerAddress);
      expect(await read(resolver, "signers")).to.deep.equal([other]);
      expect(await read(resolver, "isSigner", gatewaySignerAddress)).to.be.false;
    });

    it("are never the zero address", async () => {
      await expect(send(resolver, "addSigner", ZERO)).to.be.revertedWithCustomError(
        resolver,
        "ZeroSigner",
      );
      expect(await read(resolver, "isSigner", ZERO)).to.be.false;
    });

    it("are never the same twice", async () => {
      await expect(send(resolver, "addSigner", gatewaySignerAddress))
        .to.be.revertedWithCustomError(resolver, "DuplicateSigner")
        .withArgs(gatewaySignerAddress);
    });

    it("are never removed when they are none", async () => {
      await expect(send(resolver, "removeSigner", other))
        .to.be.revertedWithCustomError(resolver, "UnknownSigner")
        .withArgs(other);
    });

    it("never run out: the last one stays, and still counts", async () => {
      await expect(send(resolver, "removeSigner", gatewaySignerAddress))
        .to.be.revertedWithCustomError(resolver, "LastSigner")
        .withArgs(gatewaySignerAddress);
      expect(await read(resolver, "signers")).to.deep.equal([gatewaySignerAddress]);
    });
  });

  describe("validity", () => {
    for (const seconds of [60n, 86_400n]) {
      it(`may be ${seconds.toString()} s`, async () => {
        await expect(send(resolver, "setMaxValidity", seconds))
          .to.emit(resolver, "MaxValidityChanged")
          .withArgs(seconds);
        expect(await read(resolver, "maxValiditySec")).to.equal(seconds);
      });
    }

    for (const seconds of [0n, 59n, 86_401n, 2n ** 64n - 1n]) {
      it(`may not be ${seconds.toString()} s`, async () => {
        await expect(send(resolver, "setMaxValidity", seconds))
          .to.be.revertedWithCustomError(resolver, "InvalidMaxValidity")
          .withArgs(seconds, 60n, 86_400n);
        expect(await read(resolver, "maxValiditySec")).to.equal(MAX_VALIDITY_SEC);
      });
    }
  });

  describe("ownership", () => {
    const ownerOnly: Record<string, unknown[]> = {
      addSigner: [other],
      removeSigner: [gatewaySignerAddress],
      setUrls: [["https://evil.example/"]],
      setMaxValidity: [600n],
      setMetadataUrls: [["https://evil.example/"]],
      setOperationUrl: ["https://evil.example/"],
      transferOwnership: [other],
    };
    for (const [name, values] of Object.entries(ownerOnly)) {
      it(`is needed for ${name}`, async () => {
        await expect(send(asStranger, name, ...values))
          .to.be.revertedWithCustomError(resolver, "OwnableUnauthorizedAccount")
          .withArgs(stranger);
      });
    }

    it("passes on when the new owner accepts, not before", async () => {
      await expect(send(resolver, "transferOwnership", stranger))
        .to.emit(resolver, "OwnershipTransferStarted")
        .withArgs(owner, stranger);
      expect(await read(resolver, "owner")).to.equal(owner);
      expect(await read(resolver, "pendingOwner")).to.equal(stranger);
      await expect(send(asStranger, "setMaxValidity", 600n))
        .to.be.revertedWithCustomError(resolver, "OwnableUnauthorizedAccount")
        .withArgs(stranger);
      await expect(send(asStranger, "acceptOwnership"))
        .to.emit(resolver, "OwnershipTransferred")
        .withArgs(owner, stranger);
      expect(await read(resolver, "owner")).to.equal(stranger);
      await expect(send(resolver, "setMaxValidity", 600n))
        .to.be.revertedWithCustomError(resolver, "OwnableUnauthorizedAccount")
        .withArgs(owner);
    });

    it("is accepted by nobody but the new owner", async () => {
      await send(resolver, "transferOwnership", other);
      await expect(send(asStranger, "acceptOwnership"))
        .to.be.revertedWithCustomError(resolver, "OwnableUnauthorizedAccount")
        .withArgs(stranger);
    });

    it("cannot be given up, by the owner or by anybody", async () => {
      for (const contract of [resolver, asStranger]) {
        await expect(read(contract, "renounceOwnership")).to.be.revertedWithCustomError(
          resolver,
          "OwnershipNotRenounceable",
        );
      }
      expect(await read(resolver, "owner")).to.equal(owner);
    });
  });
});
