/** ERC-7884: where an OffchainResolver sends those who want to write. */
import { expect } from "chai";
import {
  type Contract,
  deployResolver,
  ethers,
  latestTimestamp,
  read,
  revertDataOf,
  send,
} from "./deployment.js";
import { deployEns } from "./ensChain.js";
import { NAME } from "./signedAnswer.js";

const URL = "https://api.example/v1/operations";
const VALIDITY_SEC = 900n;
/** As a client declares it that knows the standard only. */
const standard = new ethers.Interface([
  "function getOperationHandler(bytes encodedFunction) view",
  "error FunctionNotSupported()",
  "error OperationHandledOffchain((string name, string version, uint64 chainId, address verifyingContract) sender, string url, (bytes data, address sender, uint256 expirationTimestamp) data)",
]);
const setText = new ethers.Interface([
  "function setText(bytes32 node, string key, string value)",
]).encodeFunctionData("setText", [ethers.namehash(NAME), "greeting", "hello"]);

describe("OffchainResolver's operation router", () => {
  let resolver: Contract;
  let address: string;
  /** Who calls, if a call says nothing else: the first account of the chain. */
  let caller: string;
  beforeEach(async () => {
    caller = (await ethers.getSigners())[0]!.address;
    resolver = await deployResolver();
    address = await resolver.getAddress();
    await send(resolver, "setOperationUrl", URL);
  });

  function handlerCall(encodedFunction: string): string {
    return standard.encodeFunctionData("getOperationHandler", [encodedFunction]);
  }

  /** The arguments of OperationHandledOffchain, as plain arrays. */
  async function redirection(revertData: string, sender: string): Promise<unknown[]> {
    const { name, args } = standard.parseError(revertData)!;
    expect(name).to.equal("OperationHandledOffchain");
    expect(args.toArray(true)).to.deep.equal([
      ["Signpost", "1", 31337n, address],
      URL,
      [setText, sender, (await latestTimestamp()) + VALIDITY_SEC],
    ]);
    return args.toArray(true) as unknown[];
  }

  it("has the standard's selectors", () => {
    expect(resolver.interface.getFunction("getOperationHandler")!.selector).to.equal("0xa0b7b54e");
    expect(resolver.interface.getError("OperationHandledOffchain")!.selector).to.equal(
      "0x5d324fc4",
    );
    expect(resolver.interface.getError("FunctionNotSupported")!.selector).to.equal(
      standard.getError("FunctionNotSupported")!.selector,
    );
  });

  it("names domain, URL, call, caller and the last second in which it may be accepted", async () => {
    await redirection(await revertDataOf(resolver, handlerCall(setText)), caller);
    const [, other] = await ethers.getSigners();
    const asOther = await ethers.getContractAt("OffchainResolver", address, other);
    await expect(read(asOther, "getOperationHandler", setText))
      .to.be.revertedWithCustomError(resolver, "OperationHandledOffchain")
      .withArgs(["Signpost", "1", 31337n, address], URL, [
        setText,
        other!.address,
        (await latestTimestamp()) + VALIDITY_SEC,
      ]);
  });

  it("gives a wallet what it can sign, and recover", async () => {
    const wallet = ethers.Wallet.createRandom();
    const revertData = await revertDataOf(resolver, handlerCall(setText));
    const [[name, version, chainId, verifyingContract], , [data, sender, expirationTimestamp]] =
      (await redirection(revertData, caller)) as [
        [string, string, bigint, string],
        string,
        [string, string, bigint],
      ];
    const domain = { name, version, chainId, verifyingContract };
    const types = {
      Message: [
        { name: "data", type: "bytes" },
        { name: "sender", type: "address" },
        { name: "expirationTimestamp", type: "uint256" },
      ],
    };
    const message = { data, sender, expirationTimestamp };
    const signature = await wallet.signTypedData(domain, types, message);
    expect(ethers.verifyTypedData(domain, types, message, signature)).to.equal(wallet.address);
  });

  it("answers ENSIP-20 clients, which ask through `resolve` and a UniversalResolver", async () => {
    const data = handlerCall(setText);
    const name = ethers.dnsEncode(NAME);
    const callData = resolver.interface.encodeFunctionData("resolve", [name, data]);
    await redirection(await revertDataOf(resolver, callData), caller);
    const ens = await deployEns();
    await ens.setResolver("example.eth", address);
    const universal = await ens.universal.getAddress();
    const revertData = await revertDataOf(
      ens.universal,
      ens.universal.interface.encodeFunctionData("resolve", [name, data]),
    );
    const outer = ens.universal.interface.parseError(revertData)!;
    expect(outer.name).to.equal("ResolverError");
    await redirection(outer.args[0] as string, universal);
  });

  it("takes nothing else that is resolved for a write", async () => {
    for (const data of ["0x", "0xa0b7b5", "0xa0b7b54f", setText]) {
      await expect(read(resolver, "resolve", "0x00", data)).to.be.revertedWithCustomError(
        resolver,
        "OffchainLookup",
      );
    }
  });

  for (const encodedFunction of ["0x", "0x304e6a"]) {
    it(`does not support ${encodedFunction}, which is no call`, async () => {
      await expect(
        read(resolver, "getOperationHandler", encodedFunction),
      ).to.be.revertedWithCustomError(resolver, "FunctionNotSupported");
    });
  }

  it("takes any four bytes and more: which calls are carried out is the service's decision", async () => {
    await expect(read(resolver, "getOperationHandler", "0x304e6ade")).to.be.revertedWithCustomError(
      resolver,
      "OperationHandledOffchain",
    );
  });

  it("supports nothing while no URL is set, as after the deployment", async () => {
    const fresh = await deployResolver();
    expect(await read(fresh, "operationUrl")).to.equal("");
    await expect(send(resolver, "setOperationUrl", ""))
      .to.emit(resolver, "OperationUrlChanged")
      .withArgs("");
    for (const contract of [fresh, resolver]) {
      await expect(read(contract, "getOperationHandler", setText)).to.be.revertedWithCustomError(
        resolver,
        "FunctionNotSupported",
      );
    }
  });

  it("has a URL that may name the resolver", async () => {
    const stored = `https://api.example/${address.toLowerCase()}`;
    await expect(send(resolver, "setOperationUrl", "https://api.example/{resolver}"))
      .to.emit(resolver, "OperationUrlChanged")
      .withArgs(stored);
    expect(await read(resolver, "operationUrl")).to.equal(stored);
  });

  it("has a URL that passes the checks of gateway URLs", async () => {
    const longest = "https://a.example/".padEnd(1024, "x");
    await send(resolver, "setOperationUrl", longest);
    const wrong: [string, string, unknown[]][] = [
      [`${longest}x`, "InvalidUrlLength", [0n, 1025n]],
      ["http://a.example/", "InsecureUrl", [0n, "http://a.example/"]],
      [
        "https://{resolver}/{resolver}",
        "RepeatedPlaceholder",
        [0n, "https://{resolver}/{resolver}"],
      ],
    ];
    for (const [url, error, values] of wrong) {
      await expect(send(resolver, "setOperationUrl", url))
        .to.be.revertedWithCustomError(resolver, error)
        .withArgs(...values);
    }
    expect(await read(resolver, "operationUrl")).to.equal(longest);
  });
});
