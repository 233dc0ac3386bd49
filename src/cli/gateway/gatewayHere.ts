/** The messaging gateway or bridge of this installation, as its settings have it. */
import { describedBridge } from "../../capabilities/mail/description.js";
import { mailSettings } from "../../capabilities/mail/settings.js";
import { relaySettings } from "../../capabilities/relay/settings.js";
import { type DescribedGateway, describedGateway } from "../../capabilities/xmpp/description.js";
import { xmppSettings } from "../../capabilities/xmpp/settings.js";
import { resolvableName } from "../../ens/resolvableName.js";
import { SignpostError } from "../../errors.js";
import type { ResolveOptions } from "../../lookup/resolveOptions.js";
import { installationSettings } from "../../settings/installationSettings.js";
import { readSettings } from "../../settings/settingsPart.js";
import { API_KEY_VARIABLE, SERVICE_URL_VARIABLE } from "../variables.js";

export interface GatewayHere extends DescribedGateway {
  /** How it is run. */
  readonly serve: string;
  /** Of the relay node, as senders reach it. */
  readonly url: string;
  /** Where names are registered, and an API key there; of the environment, or those of the gateway itself. */
  readonly service: { readonly url: string; readonly apiKey: string };
  readonly allowLoopback: boolean;
  /** How ENS is asked; null where no RPC node is known. */
  readonly lookup: ResolveOptions | null;
}

export type NetworkHere = keyof typeof READ;

type Settings = ReturnType<typeof readHere>;

const PARTS = [installationSettings, relaySettings, xmppSettings, mailSettings];
const readHere = () => readSettings(PARTS, process.env);

const READ = {
  xmpp: (read: Settings) => {
    const config = read(xmppSettings);
    const { registryKey } = config.secrets;
    return { ...describedGateway(config), registryUrl: config.registry?.url, registryKey };
  },
  mail: (read: Settings) => {
    const config = read(mailSettings);
    const { registryKey } = config.secrets;
    return { ...describedBridge(config), registryUrl: config.bridge?.registry.url, registryKey };
  },
};

/**
 * @param network which of those that this installation may be joined to
 * @param serviceUrl another service than that of the environment
 * @throws INVALID_CONFIGURATION for settings that are wrong or not complete, INVALID_NAME
 */
export function gatewayHere(network: NetworkHere, serviceUrl: string | undefined): GatewayHere {
  const read = readHere();
  const { chainRpcUrls } = read(installationSettings).secrets;
  const { url, ens } = read(relaySettings);
  const { description, relayNode, registryUrl, registryKey } = READ[network](read);
  const service = {
    url: serviceUrl ?? (process.env[SERVICE_URL_VARIABLE] || registryUrl),
    apiKey: process.env[API_KEY_VARIABLE] || registryKey,
  };
  if (url === null || service.url === undefined || service.apiKey === null) {
    throw new SignpostError(
      "INVALID_CONFIGURATION",
      "Set RELAY_URL first: it is where senders reach the relay node.",
    );
  }
  const rpc = chainRpcUrls.get(ens.chainId);
  const { allowLoopback, registry: ensRegistry, universalResolver } = ens;
  return {
    ...{ description, relayNode: resolvableName(relayNode).name, url, allowLoopback },
    serve: `signpost serve relay ${network}`,
    service: { url: service.url, apiKey: service.apiKey },
    lookup: rpc === undefined ? null : { rpc, allowLoopback, ensRegistry, universalResolver },
  };
}
