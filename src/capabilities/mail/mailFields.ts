/** The settings of the mail bridge alone, as an operator reads of them; `settings.ts` makes the configuration of them. */
import { z } from "zod";
import { hostAndPort, hostName, registryKey, registryUrl } from "../../settings/networkSettings.js";
import { domainName, parsedBy, wholeNumber } from "../../settings/settingKinds.js";

/** Of DKIM keys, what their names begin with. */
export const USUAL_SELECTOR = "dm3";
/** In bytes: below it, not even a short mail with its certificate fits. */
export const SHORTEST_SIZE_LIMIT = 100_000;

export const MAIL_FIELDS = {
  MAIL_DOMAIN: hostName.optional().meta({
    description:
      "The host in the mail addresses of DM3 users, e.g. dm3.mail.example for alice.eth@dm3.mail.example. Nobody else may have addresses there.",
  }),
  MAIL_HOST: hostName.optional().meta({
    description:
      "The host name of this mail server, as MX and PTR record have it; MAIL_DOMAIN without it.",
  }),
  MAIL_LISTEN: parsedBy(hostAndPort).default({ host: "127.0.0.1", port: 2525 }).meta({
    description:
      "Where it takes mail (SMTP), as host:port; 127.0.0.1:2525 without it. Other mail servers come to port 25, so lead that port there.",
  }),
  MAIL_TLS_CERT_FILE: z.string().min(1).optional().meta({
    description: "A file with the certificate for incoming mail, PEM. Without it there is no TLS.",
  }),
  MAIL_TLS_KEY_FILE: z.string().min(1).optional().meta({
    description: "A file with the private key of that certificate, PEM.",
  }),
  MAIL_SMARTHOST: parsedBy(hostAndPort).optional().meta({
    description:
      "A mail server that sends on everything from here, as host:port. Without it, mail goes to the mail servers of its receivers.",
  }),
  MAIL_SMARTHOST_USER: z.string().min(1).optional().meta({
    description: "The account there, where it wants one.",
  }),
  MAIL_SMARTHOST_PASSWORD: z
    .string()
    .min(1)
    .optional()
    .meta({ description: "The password of that account.", secret: true }),
  MAIL_OUTGOING_TLS: z.enum(["offered", "required", "verified"]).default("offered").meta({
    description:
      "TLS for outgoing mail: only where it is offered, required with any certificate, or required with a certificate that was verified: offered, required, verified.",
  }),
  MAIL_DNS: parsedBy(dnsServers).optional().meta({
    description:
      "DNS servers, as address:port with commas between them; those of the machine without it. Take one that validates DNSSEC.",
  }),
  MAIL_DKIM_KEYS: z.string().min(1).optional().meta({
    description:
      "The folder of the keys that sign every mail; `signpost mail dkim-keys` makes them.",
  }),
  MAIL_DKIM_SELECTOR: z
    .string()
    .regex(
      /^[a-z0-9](?:[a-z0-9-]{0,40}[a-z0-9])?$/,
      "must be lower-case letters, digits and hyphens",
    )
    .default(USUAL_SELECTOR)
    .meta({
      description: "What the names of those keys begin with; another one for new keys.",
    }),
  MAIL_NAMES: domainName.optional().meta({
    description:
      "The domain below which mail users get ENS names, e.g. bridge.example.eth for bob.mail.test.bridge.example.eth.",
  }),
  MAIL_REGISTRY_URL: registryUrl,
  MAIL_REGISTRY_KEY: registryKey,
  MAIL_SIZE_LIMIT: wholeNumber(SHORTEST_SIZE_LIMIT, 50_000_000).default(27_000_000).meta({
    description:
      "How long a mail may be, in bytes. What does not fit into an envelope of 100,000 bytes is kept by the relay node, encrypted, and sent as a reference.",
  }),
  MAIL_KEPT_MB: wholeNumber(100, 1_048_576).default(10_240).meta({
    description:
      "How much files may take there together, in MiB: beyond it no long mail is taken. Each is kept for RELAY_MESSAGE_TTL_DAYS. The mails of one domain get a quarter of it, those of one person a twentieth.",
  }),
} as const;

function dnsServers(text: string): readonly string[] {
  return text.split(",").map((part) => {
    const { host, port } = hostAndPort(part.trim());
    return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
  });
}
