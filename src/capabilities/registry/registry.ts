/**
 * The registry with its CCIP gateway: a service's names and its users' profiles, answered to any ENS client. What it
 * needs to serve is loaded when it starts, so that commands beside it begin quickly.
 */
import { MIRROR_KEY } from "../../db/mirror/mirrorKeys.js";
import { SOURCE_SECRET } from "../../db/sourceSecrets.js";
import { checksumAddress } from "../../ens/address.js";
import type { AnnouncedLine, Capability } from "../../service/capability.js";
import { domainCommand } from "./commands/domain.js";
import { historyCommand } from "./commands/history.js";
import { keyCommand } from "./commands/key.js";
import { mirrorCommand } from "./commands/mirror/mirror.js";
import { signerCommand } from "./commands/signer.js";
import { sourceCommand } from "./commands/source.js";
import { exportCommand } from "./commands/transfer/export.js";
import { importCommand } from "./commands/transfer/import.js";
import { REGISTRY_EXIT_STATUSES } from "./exitStatuses.js";
import { REGISTRY, REGISTRY_MIGRATIONS } from "./migrations.js";
import { type RegistryConfig, registrySettings } from "./settings.js";

export const registry: Capability<RegistryConfig> = {
  name: REGISTRY,
  summary: "names and profiles of services' users, with the CCIP gateway that answers for them",
  settings: registrySettings,
  migrations: REGISTRY_MIGRATIONS,
  sealedColumns: [SOURCE_SECRET, MIRROR_KEY],
  addCommands: (program) => {
    domainCommand(program);
    keyCommand(program);
    historyCommand(program);
    signerCommand(program);
    sourceCommand(program);
    exportCommand(program);
    importCommand(program);
    mirrorCommand(program);
  },
  exitStatuses: REGISTRY_EXIT_STATUSES,
  async prepare(installation, { signer: signerConfig, dm3Domains }) {
    const { openGatewaySigner } = await import("./openGatewaySigner.js");
    // a key that is missing is made here, before several processes want it
    const signer = await openGatewaySigner(signerConfig, installation, "make");
    await signer.close();
    const announced: AnnouncedLine[] = [
      ["gatewaySigner", `${checksumAddress(signer.address)} (must be a signer of your resolver)`],
      ["", `its key: ${signer.description} (read again on SIGHUP)`],
    ];
    if (dm3Domains) {
      const { addresses, names } = dm3Domains;
      announced.push([
        "dm3's own API",
        `/profile for ${addresses}${names === null ? "" : `, ${names}`}`,
      ]);
    }
    return announced;
  },
  async start(parts, settings) {
    const { installation, own } = settings;
    const [{ openGatewaySigner }, { startRegistry }, { reloadableSigner }] = await Promise.all([
      import("./openGatewaySigner.js"),
      import("./startRegistry.js"),
      import("./signerReload.js"),
    ]);
    const open = () => openGatewaySigner(settings.readAgain().signer, installation, "refuse");
    const signer = await openGatewaySigner(own.signer, installation, "refuse");
    try {
      const started = await startRegistry(parts, { ...own, signer });
      const { reload, finish, close } = reloadableSigner({ open, registry: started, signer });
      return {
        ...started,
        reload,
        stop: async () => {
          // first, because a reload under way asks database and chains
          await finish();
          try {
            await started.stop();
          } finally {
            await close();
          }
        },
      };
    } catch (error) {
      await signer.close();
      throw error;
    }
  },
};
