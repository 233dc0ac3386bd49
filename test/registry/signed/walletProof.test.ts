/** Who has to say that a wallet signed: its key, or the contract at its address, and what counts where neither can. */
import { expect } from "chai";
import { SigningKey, Wallet } from "ethers";
import { fromHex, toHex } from "../../../src/abi/hex.js";
import { addressFrom, checksumAddress } from "../../../src/ens/address.js";
import { SignpostError } from "../../../src/errors.js";
import type {
  ContractWallets,
  WalletAnswer,
  WalletQuestion,
} from "../../../src/registry/signed/contractWallets.js";
import { askedOnlyIf, NO_CHAINS } from "../../../src/registry/signed/contractWallets.js";
import { proveSigned } from "../../../src/registry/signed/walletProof.js";
import { bytes } from "../../db/sampleNames.js";
import { expectRejection } from "../../expectError.js";

const CHAIN_ID = 5n;
const DIGEST = bytes(32, 7);
const ALICE = Wallet.createRandom();
const CONTRACT = bytes(20, 0xcc);
const byAlice = fromHex(new SigningKey(ALICE.privateKey).sign(toHex(DIGEST)).serialized);
const wallet = addressFrom(fromHex(ALICE.address));
/** As ERC-6492 ends a signature. */
const wrapped = Uint8Array.of(...bytes(33, 1), ...fromHex(`0x${"6492".repeat(16)}`));

describe("registry/walletProof", () => {
  let questions: WalletQuestion[];
  beforeEach(() => (questions = []));

  const chain = (answer: WalletAnswer): ContractWallets => ({
    knows: (chainId) => chainId === CHAIN_ID,
    ask: (question) => {
      questions.push(question);
      return Promise.resolve(answer);
    },
  });
  const accepting = chain({ status: "accepted", atBlock: 9n });
  const refusing = chain({ status: "refused" });
  const absent = chain({ status: "absent" });
  const prove = (wallets: ContractWallets, signature = byAlice, changes: object = {}) =>
    proveSigned(
      { chainId: CHAIN_ID, wallet: CONTRACT, digest: DIGEST, signature, ...changes },
      wallets,
    );

  it("takes the wallet's own key, and asks no chain", async () => {
    for (const wallets of [accepting, refusing, NO_CHAINS]) {
      expect(await prove(wallets, byAlice, { wallet })).to.deep.equal({});
    }
    expect(questions).to.deep.equal([]);
  });

  it("takes the word of the contract, as of its latest block, for whatever was signed", async () => {
    for (const signature of [byAlice, bytes(0, 0), bytes(65, 0), bytes(97, 1), wrapped]) {
      questions = [];
      expect(await prove(accepting, signature)).to.deep.equal({ acceptedAtBlock: 9n });
      const asked = { chainId: CHAIN_ID, wallet: CONTRACT, digest: DIGEST, signature };
      expect(questions).to.deep.equal([{ ...asked, atBlock: null }]);
    }
  });

  it("takes no key's signature for what its contract refuses", async () => {
    for (const signature of [byAlice, bytes(97, 1), wrapped]) {
      const refused = prove(refusing, signature);
      const { details } = await expectRejection(refused, "WRONG_SIGNER", /does not accept/);
      expect(details).to.deep.equal({ expected: checksumAddress(CONTRACT), chainId: "5" });
    }
  });

  it("says whose key it was, where there is no contract or no node of the chain", async () => {
    for (const wallets of [absent, NO_CHAINS]) {
      const { details } = await expectRejection(prove(wallets), "WRONG_SIGNER", /recovers to 0x/);
      expect(details).to.deep.equal({
        expected: checksumAddress(CONTRACT),
        recovered: ALICE.address,
      });
    }
    const elsewhere = prove(accepting, byAlice, { chainId: 6n });
    await expectRejection(elsewhere, "WRONG_SIGNER", /recovers to 0x/);
    expect(questions).to.have.length(1);
  });

  it("says what no key can have signed, by its form", async () => {
    const ofNoKey = Uint8Array.of(...bytes(64, 0xff), 27);
    await expectRejection(prove(absent, ofNoKey), ["WRONG_SIGNER", "INVALID_REQUEST"], /key/);
    const cases: [signature: Uint8Array, sentence: RegExp][] = [
      [bytes(64, 1), /has 64 bytes, which only a contract wallet accepts, but no contract is at/],
      [wrapped, /no contract is at 0x\w+ on chain 5, and the signature's factory does not deploy/],
    ];
    for (const [signature, sentence] of cases) {
      const { details } = await expectRejection(prove(absent, signature), "WRONG_SIGNER", sentence);
      expect(details).to.deep.equal({ expected: checksumAddress(CONTRACT), chainId: "5" });
      const unknown = prove(NO_CHAINS, signature);
      const refusal = await expectRejection(unknown, "INVALID_REQUEST", /CHAIN_RPC_URLS/);
      expect(refusal.details).to.deep.equal({ chainId: "5" });
    }
    expect(wrapped, "as long as a key's").to.have.length(65);
  });

  it("passes on that a chain could not be asked, which is never a refusal", async () => {
    const outage = new SignpostError("UNREACHABLE", "The node did not answer.");
    const down = { ...accepting, ask: () => Promise.reject(outage) };
    await expectRejection(prove(down), "UNREACHABLE", /did not answer/);
  });

  it("asks nothing where what comes before refuses", async () => {
    const expired = new SignpostError("REQUEST_EXPIRED", "It is too late.", { deadline: 1 });
    const late = askedOnlyIf(accepting, () => Promise.reject(expired));
    await expectRejection(prove(late), "REQUEST_EXPIRED", /too late/);
    expect(questions).to.deep.equal([]);
    const inTime = askedOnlyIf(accepting, () => Promise.resolve());
    expect(await prove(inTime)).to.deep.equal({ acceptedAtBlock: 9n });
    await expectRejection(NO_CHAINS.ask(questions[0]!), "INTERNAL", /No RPC node of chain 5/);
  });
});
