/** `signpost certificate publish <name>`: through the service API, or as what the name's owner has to sign for it. */
import type { Command } from "commander";
import { assertCertificateOf, parseCertificate } from "../../dm3/statement/certificate.js";
import { checksumAddress, parseAddress } from "../../ens/address.js";
import { resolvableName } from "../../ens/resolvableName.js";
import { createClient } from "../../sdk/node.js";
import { givenJson } from "../../terminal/givenJson.js";
import { tell } from "../message/tell.js";
import { apiKeyHere } from "../service/apiKey.js";
import { askedOfWallet, walletLines } from "../service/askedOfWallet.js";
import { serviceOf } from "../service/serviceOption.js";

interface PublishFlags {
  readonly record: string;
  readonly service?: string;
  readonly forWallet?: string;
  readonly json?: true;
}

/** Throws INVALID_PROFILE, WRONG_SIGNER before anybody is asked, INVALID_REQUEST, and what the service refuses. */
export async function publish(given: string, flags: PublishFlags, command: Command): Promise<void> {
  const { name } = resolvableName(given);
  const record = parseCertificate(await givenJson("certificate record", flags.record));
  assertCertificateOf(name, record.publicSigningKey, record);
  const url = serviceOf(flags.service);
  if (flags.forWallet !== undefined) {
    const owner = checksumAddress(parseAddress(flags.forWallet));
    const wish = { action: "publishCertificate", certificate: record } as const;
    const asked = await askedOfWallet(url, name, owner, wish);
    tell(command, flags, { name, ...asked }, walletLines(url, asked));
    return;
  }
  const client = createClient({ url, apiKey: apiKeyHere("profiles:write") });
  const { outcome } = await client.certificates.put(name, record);
  tell(command, flags, { name, outcome }, [
    `The ${record.scheme} certificate of ${name} for ${record.address} is published (${outcome}).`,
  ]);
}
