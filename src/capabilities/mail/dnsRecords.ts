/** What the DNS has to say of the bridge, so that other mail servers take its mail and bring theirs. */
import { type DkimKeys, dkimPlace, dkimRecord } from "../../mail/dkimKeys.js";
import type { BridgeConfig } from "./settings.js";

export interface RecordPlace {
  readonly id: "mx" | "spf" | "dmarc" | "dkim";
  readonly name: string;
  readonly type: "TXT" | "MX";
}

export interface DnsRecord extends RecordPlace {
  readonly text: string;
}

export function dnsRecords(
  { domain, hostName }: Pick<BridgeConfig, "domain" | "hostName">,
  { rsa, ed25519 }: DkimKeys,
): readonly DnsRecord[] {
  const keys = [rsa, ed25519];
  const texts: Readonly<Record<Exclude<RecordPlace["id"], "dkim">, string>> = {
    mx: `10 ${hostName}`,
    spf: `v=spf1 a:${hostName} -all`,
    dmarc: "v=DMARC1; p=reject; adkim=s; aspf=s",
  };
  const dkim = new Map(
    keys.map((key) => {
      const { name, text } = dkimRecord(key, domain);
      return [name, text];
    }),
  );
  const selectors = keys.map(({ selector }) => selector);
  return recordPlaces(domain, selectors).map((place) => ({
    ...place,
    text: place.id === "dkim" ? (dkim.get(place.name) ?? "") : texts[place.id],
  }));
}

/** Where they stand: known from outside as well, where the texts are not. */
export function recordPlaces(domain: string, selectors: readonly string[]): readonly RecordPlace[] {
  return [
    { id: "mx", name: domain, type: "MX" },
    { id: "spf", name: domain, type: "TXT" },
    ...selectors.map((selector): RecordPlace => ({
      ...{ id: "dkim", name: dkimPlace(selector, domain), type: "TXT" },
    })),
    { id: "dmarc", name: `_dmarc.${domain}`, type: "TXT" },
  ];
}
