import { expect } from "chai";
import type { LineStatus } from "../../../src/doctor/line.js";
import { expectOnly, lineOf } from "../diagnosis.js";
import type { Fault, Ward } from "../ward.js";

export function resolverLines(ward: () => Ward): void {
  const faults: [Fault, id: string, LineStatus, seen: RegExp][] = [
    ["NoFeatures", "multicall-feature", "warning", /does not claim eth\.ens\.resolver\.extended/],
    ["ClaimsAddr", "interface-claims", "warning", /does not have: addr\(bytes32\) 0x3b3b57de$/],
    ["ClaimsEverything", "interface-claims", "warning", /claims 0xffffffff/],
    [
      "BurnsGas",
      "empty-call",
      "failed",
      /burns all 5000 gas.* 50,000 gas for each call: that is not enough/,
    ],
    ["NoOwner", "owner", "warning", /nobody owns the resolver/],
    ["NoSigners", "signers", "failed", /has no signers/],
    ["Refuses", "lookup-form", "failed", /refuses addr\(node\): closed/],
    ["MalformedLookup", "lookup-form", "failed", /OffchainLookup cannot be read/],
    ["NoUrls", "lookup-form", "failed", /lists no gateway URL/],
    ["ForeignSender", "lookup-sender", "failed", /names 0x0{39}1 as its sender/],
    ["OtherChain", "request-chain", "failed", /name chain 31336, but the resolver is on 31337/],
    ["ErrorsAsRecords", "unknown-function", "warning", /as if it were a record/],
  ];
  for (const [fault, id, status, seen] of faults) {
    it(`${id}: ${fault}`, async () => {
      await ward().breakResolver(fault);
      expectOnly(await ward().examine(), id, status, seen);
    });
  }

  it("without ERC-7996 the UniversalResolver takes the batch gateway, and that is seen", async () => {
    await ward().breakResolver("NoFeatures");
    const lines = await ward().examine();
    expect(lineOf(lines, "batch-feature")).to.include({ status: "skipped" });
    expect(lineOf(lines, "universal-single").seen).to.match(/batched \(ENSIP-21\), the same/);
    expect(lineOf(lines, "universal-multicall").seen).to.match(/3 records.*batched \(ENSIP-21\)/);
  });

  it("pending-owner: a transfer that nobody accepted", async () => {
    const transfer = ward().resolver.getFunction("transferOwnership");
    await transfer.send(`0x${"ab".repeat(20)}`);
    expectOnly(await ward().examine(), "pending-owner", "warning", /offered to 0xabAB/i);
  });

  it("url-order: GET first, and GET only", async () => {
    const { gateway, urlOn, setUrls } = ward();
    const post = urlOn(gateway.url);
    await setUrls(`${post}/{data}`, post);
    const silent = ["cors-preflight"];
    const first = await ward().examine();
    expectOnly(first, "url-order", "warning", /before the first POST/, { silent });
    await setUrls(`${post}/{data}`);
    const only = await ward().examine();
    expectOnly(only, "url-order", "warning", /all URLs are GET/, { silent });
  });
}
