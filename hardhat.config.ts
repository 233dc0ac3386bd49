// Hardhat 2 loads its configuration with require(). In this ES module package that works because
// tsconfig.json tells ts-node that this one file is CommonJS ("moduleTypes").
import { TASK_COMPILE_SOLIDITY_GET_SOLC_BUILD } from "hardhat/builtin-tasks/task-names";
import { extendEnvironment, type HardhatUserConfig, subtask } from "hardhat/config";
import { version } from "solc/package.json";

import "@nomicfoundation/hardhat-ethers";

// The compiler is the npm package: nothing is downloaded at build time.
subtask(
  TASK_COMPILE_SOLIDITY_GET_SOLC_BUILD,
  async (args: { solcVersion: string }, _hre, runSuper) =>
    args.solcVersion !== version
      ? runSuper()
      : {
          compilerPath: require.resolve("solc/soljson.js"),
          isSolcJs: true,
          version,
          longVersion: version,
        },
);

// Its EVM explains each reverted call from the sources, which takes longer than the call itself, and every lookup
// reverts. SOLIDITY_STACK_TRACES=true brings that back. `hardhat compile` removes old builds, and has to see them.
extendEnvironment(({ artifacts }) => {
  if (process.env.SOLIDITY_STACK_TRACES === "true" || process.argv.includes("compile")) return;
  artifacts.getBuildInfoPaths = () => Promise.resolve([]);
});

const config: HardhatUserConfig = {
  // `npm run demo -- --dm3-client` sets it: dm3's client knows two chains
  networks: { hardhat: { chainId: Number(process.env.LOCAL_CHAIN_ID ?? 31_337) } },
  solidity: {
    version,
    settings: { evmVersion: "cancun", optimizer: { enabled: true, runs: 200 } },
  },
};
export default config;
