/** `signpost network register <name>`: through the service API, or as what the name's owner has to sign for it. */
import type { Command } from "commander";
import { assertNetworkOf, parseNetworkRecord } from "../../dm3/statement/networkRecord.js";
import { resolvableName } from "../../ens/resolvableName.js";
import { consentRecords } from "../../net/networkConsent.js";
import { createClient } from "../../sdk/node.js";
import { givenJson } from "../../terminal/givenJson.js";
import { tell } from "../message/tell.js";
import { apiKeyHere } from "../service/apiKey.js";
import { askedOfWallet, walletLines } from "../service/askedOfWallet.js";
import { serviceOf } from "../service/serviceOption.js";

interface RegisterFlags {
  readonly record: string;
  readonly service?: string;
  readonly forWallet?: true;
  readonly json?: true;
}

/** Throws INVALID_PROFILE, WRONG_SIGNER before anybody is asked, INVALID_REQUEST, and what the service refuses. */
export async function register(
  given: string,
  flags: RegisterFlags,
  command: Command,
): Promise<void> {
  const { name } = resolvableName(given);
  const record = parseNetworkRecord(await givenJson("network record", flags.record));
  assertNetworkOf(name, record.owner, record);
  const url = serviceOf(flags.service);
  if (flags.forWallet) {
    const wish = { action: "registerNetwork", network: record } as const;
    const asked = await askedOfWallet(url, name, record.owner, wish);
    tell(command, flags, { name, ...asked }, walletLines(url, asked));
    return;
  }
  const client = createClient({ url, apiKey: apiKeyHere("names:write") });
  const { outcome } = await client.networks.put(name, record);
  tell(command, flags, { name, outcome }, [
    `${name} is registered as a ${record.kind} (${outcome}).`,
    ...consentRecords(record, name).map(
      ({ domain, place, text }) =>
        `Let ${domain} confirm it in its DNS: TXT record ${place} with "${text}".`,
    ),
  ]);
}
