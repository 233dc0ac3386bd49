/** The resolver that the vectors of answers name, at the time that they name: it judges them. */
import { type Contract, ethers, revertDataOf } from "../contracts/deployment.js";
import { deployer, SIGNERS } from "./make/people.js";
import type { CcipAnswerInput } from "./make/signedAnswers.js";

type Answer = Pick<CcipAnswerInput, "response" | "request">;

interface JudgingResolver {
  /** What the files must say of chain, resolver and time. */
  facts(): Promise<Omit<CcipAnswerInput, keyof Answer>>;
  /** What the callback returns for the answer; fails if it reverts. */
  resultOf(answer: Answer): Promise<unknown>;
  /** The bytes that the callback reverts with; fails if it returns. */
  errorDataOf(answer: Answer): Promise<string>;
  /** The name of the error that it reverts with. */
  refusalOf(answer: Answer): Promise<string>;
}

/** For the `describe` that it is called in. */
export function judgingResolver({ signers, maxValiditySec, blockTimeSec }: CcipAnswerInput) {
  let resolver: Contract;
  let snapshot: string;

  before(async () => {
    // the time of the vectors is far ahead: afterwards the chain is as it was
    snapshot = (await ethers.provider.send("evm_snapshot", [])) as string;
    const { address } = deployer;
    await ethers.provider.send("hardhat_setBalance", [address, `0x${(10n ** 20n).toString(16)}`]);
    const factory = await ethers.getContractFactory(
      "OffchainResolver",
      new ethers.Wallet(deployer.privateKey, ethers.provider),
    );
    const urls = ["https://gateway.example/{sender}/{data}.json"];
    resolver = await factory.deploy(address, signers, urls, maxValiditySec);
    await resolver.waitForDeployment();
    await ethers.provider.send("evm_setNextBlockTimestamp", [blockTimeSec]);
    await ethers.provider.send("evm_mine", []);
  });
  after(() => ethers.provider.send("evm_revert", [snapshot]));

  const judge: JudgingResolver = {
    async facts() {
      const { chainId } = await ethers.provider.getNetwork();
      const block = await ethers.provider.getBlock("latest");
      return {
        chainId: chainId.toString(),
        resolver: await resolver.getAddress(),
        signers: SIGNERS,
        maxValiditySec: Number(await resolver.getFunction("maxValiditySec").staticCall()),
        blockTimeSec: block!.timestamp,
      };
    },
    resultOf: ({ response, request }) =>
      resolver.getFunction("resolveWithProof").staticCall(response, request),
    errorDataOf: ({ response, request }) =>
      revertDataOf(
        resolver,
        resolver.interface.encodeFunctionData("resolveWithProof", [response, request]),
      ),
    async refusalOf(answer) {
      const errorData = await judge.errorDataOf(answer);
      return resolver.interface.parseError(errorData)?.name ?? errorData;
    },
  };
  return judge;
}
