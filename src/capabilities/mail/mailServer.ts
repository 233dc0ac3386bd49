/** The mail server of the bridge, as the settings want it. */
import { readFile } from "node:fs/promises";
import { SignpostError } from "../../errors.js";
import { addressReach } from "../../fetch/publicAddress.js";
import { dnsResolver } from "../../mail/dnsResolver.js";
import { USUAL_INBOUND } from "../../mail/inboundLimits.js";
import type { MailTransportSettings } from "../../mail/mailTransport.js";
import { USUAL_OUTBOUND } from "../../mail/outboundLimits.js";
import { rememberingDns } from "../../mail/rememberingDns.js";
import type { OutletSettings } from "../../mail/smtpOutlet.js";
import { USUAL_BUDGET, USUAL_INLET } from "../../mail/usualBounds.js";
import { readDkimKeys } from "./dkimFolder.js";
import type { BridgeConfig, MailConfig } from "./settings.js";

type ServerSettings = Pick<
  MailTransportSettings,
  "mailDomain" | "inlet" | "outlet" | "dkim" | "resolve" | "inbound" | "outbound" | "budget"
>;

const MAIL_PORT = 25;
const IMPLICIT_TLS_PORT = 465;

/** Throws INVALID_CONFIGURATION for files that cannot be read. */
export async function mailServerSettings(
  config: Pick<MailConfig, "listen" | "tls" | "dnsServers" | "mailSizeLimit"> & OutletConfig,
  { domain, hostName, dkimFolder, dkimSelector }: BridgeConfig,
  nowMs: () => number,
): Promise<ServerSettings> {
  const { listen, tls, dnsServers, mailSizeLimit: sizeLimit } = config;
  return {
    mailDomain: domain,
    inlet: {
      ...{ ...USUAL_INLET, ...listen, hostName, sizeLimit },
      tls: tls && { key: await textOf(tls.keyFile), cert: await textOf(tls.certFile) },
    },
    outlet: outletOf(config),
    dkim: await readDkimKeys({ folder: dkimFolder, selector: dkimSelector }),
    resolve: rememberingDns(dnsResolver(dnsServers), nowMs),
    ...{ inbound: USUAL_INBOUND, outbound: USUAL_OUTBOUND },
    budget: USUAL_BUDGET,
  };
}

interface OutletConfig extends Pick<MailConfig, "smarthost" | "outgoingTls"> {
  readonly allowLoopback: boolean;
  readonly secrets: Pick<MailConfig["secrets"], "smarthostPassword">;
}

function outletOf({
  smarthost,
  outgoingTls: tls,
  allowLoopback,
  secrets,
}: OutletConfig): OutletSettings {
  if (smarthost !== null) {
    const { host, port, user } = smarthost;
    const account = user === null ? null : { user, password: secrets.smarthostPassword ?? "" };
    return { through: { host, port, tls, isImplicitTls: port === IMPLICIT_TLS_PORT, account } };
  }
  const mayConnect = (ip: string) => {
    const reach = addressReach(ip);
    return reach === "public" || (reach === "loopback" && allowLoopback);
  };
  return { direct: { tls, port: MAIL_PORT, mayConnect } };
}

async function textOf(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? "unknown";
    throw new SignpostError(
      "INVALID_CONFIGURATION",
      `The file ${file} cannot be read (${code}). Name one that this user may read.`,
      {},
      { cause: error },
    );
  }
}
