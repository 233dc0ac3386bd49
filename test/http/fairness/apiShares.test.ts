import { expect } from "chai";
import { apiShares } from "../../../src/http/fairness/apiShares.js";
import type { WalletAnswer, WalletQuestion } from "../../../src/registry/signed/contractWallets.js";

const STRANGER = { group: "", member: "203.0.113.1" };
const OTHER = { group: "", member: "203.0.113.2" };
const turnOfLoop = () => new Promise<void>((resolve) => setImmediate(resolve));

describe("http/fairness/apiShares", () => {
  it("lets those who wait for a chain that hangs keep no place, and a network only its share of the questions", async () => {
    const shares = apiShares(() => Promise.resolve());
    const asked: bigint[] = [];
    const hanging = {
      knows: () => true,
      ask: ({ chainId }: WalletQuestion) => {
        asked.push(chainId);
        return chainId === 1n
          ? new Promise<WalletAnswer>(() => undefined)
          : Promise.resolve({ status: "refused" } as const);
      },
    };
    const ask = (tenant: typeof STRANGER, chainId: bigint) =>
      shares.withPlace(tenant, (outside) =>
        shares.wallets(hanging, tenant, outside).ask({ chainId } as WalletQuestion),
      );
    for (let count = 0; count < 40; count++) void ask(STRANGER, 1n).catch(() => null);
    for (let count = 0; count < 40; count++) void ask(OTHER, 1n).catch(() => null);
    for (let turns = 0; turns < 50; turns++) await turnOfLoop();
    // two that come at the same time have about a third each
    expect(asked.filter((chainId) => chainId === 1n)).to.have.length(6 + 5);
    // neither another chain nor what needs none is held up
    expect(await ask(STRANGER, 2n)).to.deep.equal({ status: "refused" });
    await shares.withPlace(OTHER, () => Promise.resolve());
  });

  it("counts no short bodies, and lets no one have more than half of what long ones may take", async () => {
    const shares = apiShares(() => Promise.resolve());
    const begun: string[] = [];
    const hold = (title: string, group: string, bytes: number) =>
      void shares
        .withBody({ group, member: "1" }, bytes, () => {
          begun.push(title);
          return new Promise(() => undefined);
        })
        .catch(() => null);
    const MEBIBYTE = 1024 * 1024;
    hold("a", "a", 16 * MEBIBYTE);
    hold("a again", "a", 16 * MEBIBYTE);
    hold("b", "b", 8 * MEBIBYTE);
    for (let count = 0; count < 100; count++) hold("short", "a", 8 * 1024);
    await turnOfLoop();
    expect(begun.filter((title) => title !== "short")).to.deep.equal(["a", "b"]);
    expect(begun).to.have.length(102);
  });
});
