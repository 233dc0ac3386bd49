import { readFile } from "node:fs/promises";
import { expect } from "chai";
import { CAPABILITIES } from "../../src/capabilities/list.js";
import { type MailConfig, mailSettings } from "../../src/capabilities/mail/settings.js";
import { type RegistryConfig, registrySettings } from "../../src/capabilities/registry/settings.js";
import { type RelayConfig, relaySettings } from "../../src/capabilities/relay/settings.js";
import { type StorageConfig, storageSettings } from "../../src/capabilities/storage/settings.js";
import { type XmppConfig, xmppSettings } from "../../src/capabilities/xmpp/settings.js";
import { parseTrustedProxies } from "../../src/http/clientAddress.js";
import { settingsOf } from "../../src/process/served.js";
import { sessionKeyFrom } from "../../src/registry/domains/apiKey.js";
import type { WrappingKeyLocations } from "../../src/sealing/wrappingKeyLocation.js";
import { envExample as exampleOf } from "../../src/settings/envExample.js";
import {
  type InstallationConfig,
  installationSettings,
} from "../../src/settings/installationSettings.js";
import { settingNames } from "../../src/settings/misspelt.js";
import { sealingSettings } from "../../src/settings/sealingSettings.js";
import { type Environment, readSettings, secretSettings } from "../../src/settings/settingsPart.js";
import { expectError } from "../expectError.js";

const KEY = `0x${"11".repeat(32)}`;
const PARTS = settingsOf(CAPABILITIES);
const NAMES = settingNames(PARTS);

interface Config {
  readonly installation: InstallationConfig;
  readonly registry: RegistryConfig;
  readonly relay: RelayConfig;
  readonly xmpp: XmppConfig;
  readonly mail: MailConfig;
  readonly storage: StorageConfig;
  readonly sealing: WrappingKeyLocations;
}

const DEFAULTS: Config = {
  installation: {
    directory: ".signpost",
    host: "127.0.0.1",
    port: 8080,
    processes: 1,
    trustedProxies: [],
    databasePooler: "none",
    metricsAt: null,
    logLevel: "info",
    logClientAddresses: false,
    traces: false,
    secrets: { databaseUrl: null, standbyDatabaseUrls: [], chainRpcUrls: new Map() },
  },
  registry: {
    validitySec: 240,
    maxAgeSec: 1,
    answerCacheBytes: 16 * 1024 * 1024,
    dm3Domains: null,
    nodeWatch: { intervalMs: 300_000, allowLoopback: false, canary: null },
    signer: {
      location: null,
      passphraseFile: null,
      tokenFile: null,
      mostPerSec: null,
      secrets: { gatewaySignerKey: null },
    },
  },
  relay: {
    ensName: null,
    url: null,
    basePath: "/ds",
    ens: {
      chainId: 1n,
      registry: undefined,
      universalResolver: undefined,
      allowLoopback: false,
    },
    sizeLimit: 100_000,
    messageTtlDays: 90,
    formerKeyDays: 30,
    canary: null,
    mailbox: { mostMessages: 2_000, mostBytes: 32 * 1024 * 1024 },
    blobs: {
      mostBytes: 10 * 1024 * 1024,
      account: { mostBlobs: 500, mostBytes: 100 * 1024 * 1024 },
    },
  },
  xmpp: {
    relayNode: null,
    sizeLimit: 100_000,
    ens: {
      chainId: 1n,
      registry: undefined,
      universalResolver: undefined,
      allowLoopback: false,
    },
    component: null,
    registry: null,
    canary: null,
    secrets: { component: null, registryKey: null, canaryPassword: null },
  },
  mail: {
    relayNode: null,
    sizeLimit: 100_000,
    ens: {
      chainId: 1n,
      registry: undefined,
      universalResolver: undefined,
      allowLoopback: false,
    },
    ...{ mailSizeLimit: 51_642, kept: null },
    bridge: null,
    listen: { host: "127.0.0.1", port: 2525 },
    ...{ tls: null, smarthost: null, outgoingTls: "if offered", dnsServers: null, canary: null },
    secrets: { registryKey: null, smarthostPassword: null },
  },
  storage: {
    ...{ url: null, basePath: "/backend", retentionDays: null },
    ens: {
      chainId: 1n,
      registry: undefined,
      universalResolver: undefined,
      allowLoopback: false,
    },
    bounds: {
      ...{ mostConversations: 10_000, mostMessages: 200_000 },
      ...{ mostBytes: 1024 * 1024 * 1024, mostMessageBytes: 320 * 1024 },
    },
  },
  sealing: { key: null, formerKeys: [] },
};

function readConfig(environment: Environment): Config {
  const settings = readSettings(PARTS, environment);
  return {
    installation: settings(installationSettings),
    registry: settings(registrySettings),
    relay: settings(relaySettings),
    xmpp: settings(xmppSettings),
    mail: settings(mailSettings),
    storage: settings(storageSettings),
    sealing: settings(sealingSettings),
  };
}

const envExample = () => exampleOf(PARTS);

describe("config", () => {
  it("needs nothing, and takes an empty setting for one that is not set", () => {
    expect(readConfig({})).to.deep.equal(DEFAULTS);
    const empty = NAMES.map((name) => [name, ""]);
    expect(readConfig(Object.fromEntries(empty) as Record<string, string>)).to.deep.equal(DEFAULTS);
    expect(readConfig({ HOME: "/root", PORTS: "x", PORT: undefined })).to.deep.equal(DEFAULTS);
  });

  it("reads every setting", () => {
    const databaseUrl = "postgresql://signpost:p%40ss@db.example:5433/signpost?sslmode=require";
    const standbys = ["postgresql://signpost@one.example/x", "postgres://two.example/x?a=b"];
    const environment = {
      DATABASE_URL: databaseUrl,
      STANDBY_DATABASE_URLS: standbys.join(", "),
      DATABASE_POOLER: "transaction",
      GATEWAY_SIGNER_KEY: KEY,
      GATEWAY_SIGNER: "keystore:/etc/signpost/signer.json",
      GATEWAY_SIGNER_PASSPHRASE_FILE: "/run/secrets/passphrase",
      GATEWAY_SIGNER_TOKEN_FILE: "/run/secrets/token",
      GATEWAY_SIGNER_MOST_PER_SEC: "50",
      CHAIN_RPC_URLS: "1=https://rpc.example/key, 31337=http://127.0.0.1:8545",
      SIGNPOST_DIR: "/var/lib/here",
      HOST: "::1",
      PORT: "0",
      PROCESSES: "3",
      ANSWER_VALIDITY_SEC: "60",
      ANSWER_MAX_AGE_SEC: "30",
      ANSWER_CACHE_MB: "0",
      NODE_CHECK_SEC: "60",
      NODE_CHECK_ALLOW_LOOPBACK: "true",
      NODE_CANARY_NAME: "canary.users.example.eth",
      NODE_CANARY_KEY: `0x${"33".repeat(32)}`,
      METRICS_HOST: "10.0.0.1",
      METRICS_PORT: "9464",
      LOG_LEVEL: "debug",
      LOG_CLIENT_ADDRESSES: "true",
      OTEL_EXPORTER_OTLP_ENDPOINT: "http://collector:4318",
      TRUSTED_PROXIES: "10.0.0.0/8",
      DM3_ADDRESS_DOMAIN: "addr.example.eth",
      DM3_NAME_DOMAIN: "user.example.eth",
      RELAY_ENS_NAME: "relay.example.eth",
      RELAY_URL: "https://relay.example.com/",
      RELAY_ENS_CHAIN: "31337",
      RELAY_ENS_REGISTRY: `0x${"11".repeat(20)}`,
      RELAY_ENS_UNIVERSAL_RESOLVER: `0x${"22".repeat(20)}`,
      RELAY_ALLOW_LOOPBACK: "true",
      RELAY_SIZE_LIMIT: "131072",
      RELAY_MESSAGE_TTL_DAYS: "30",
      RELAY_FORMER_KEY_DAYS: "7",
      RELAY_CANARY_NAME: "canary.example.eth",
      RELAY_CANARY_MINUTES: "1",
      RELAY_MAILBOX_MESSAGES: "10",
      RELAY_MAILBOX_MB: "1",
      RELAY_BLOB_MB: "0",
      RELAY_BLOBS: "1",
      RELAY_BLOBS_MB: "1",
      XMPP_COMPONENT: "dm3.chat.example",
      XMPP_SECRET: "between us",
      XMPP_DOMAIN: "chat.example",
      XMPP_SERVER: "[::1]:5347",
      XMPP_NAMES: "users.example.eth",
      XMPP_REGISTRY_URL: "https://names.example.com",
      XMPP_REGISTRY_KEY: "signpost_key",
      XMPP_CANARY: "canary@chat.example",
      XMPP_CANARY_PASSWORD: "between others",
      XMPP_CANARY_SERVER: "[::1]:5222",
      XMPP_CANARY_MINUTES: "7",
      MAIL_DOMAIN: "dm3.mail.example",
      MAIL_HOST: "mx.mail.example",
      MAIL_LISTEN: "0.0.0.0:25",
      MAIL_TLS_CERT_FILE: "/etc/tls/cert.pem",
      MAIL_TLS_KEY_FILE: "/etc/tls/key.pem",
      MAIL_SMARTHOST: "127.0.0.1:587",
      MAIL_SMARTHOST_USER: "bridge",
      MAIL_SMARTHOST_PASSWORD: "between them",
      MAIL_OUTGOING_TLS: "verified",
      MAIL_DNS: "127.0.0.1:53, [::1]:53",
      MAIL_DKIM_KEYS: "/etc/signpost/dkim",
      MAIL_DKIM_SELECTOR: "dm3-2026",
      MAIL_NAMES: "bridge.example.eth",
      MAIL_REGISTRY_URL: "https://names.example.com",
      MAIL_REGISTRY_KEY: "signpost_key",
      MAIL_SIZE_LIMIT: "100000",
      MAIL_KEPT_MB: "100",
      MAIL_CANARY: "Canary@mail.example",
      MAIL_CANARY_MINUTES: "30",
      STORAGE_URL: "https://relay.example.com/kept/",
      STORAGE_CONVERSATIONS: "500",
      STORAGE_MESSAGES: "1000",
      STORAGE_MB: "10",
      STORAGE_MESSAGE_KB: "64",
      STORAGE_RETENTION_DAYS: "90",
      SECRETS_KEY_LOCATION: "aws-kms:alias/secrets",
      SECRETS_FORMER_KEY_LOCATIONS: "file:/etc/signpost/secrets.key, aws-kms:1234abcd",
    };
    expect(environment).to.have.all.keys(NAMES);
    expect(readConfig(environment)).to.deep.equal({
      installation: {
        directory: "/var/lib/here",
        host: "::1",
        port: 0,
        processes: 3,
        databasePooler: "transaction",
        metricsAt: { host: "10.0.0.1", port: 9464 },
        logLevel: "debug",
        logClientAddresses: true,
        traces: true,
        trustedProxies: parseTrustedProxies("10.0.0.0/8"),
        secrets: {
          databaseUrl,
          standbyDatabaseUrls: standbys,
          chainRpcUrls: new Map([
            [1n, "https://rpc.example/key"],
            [31337n, "http://127.0.0.1:8545"],
          ]),
        },
      },
      registry: {
        validitySec: 60,
        maxAgeSec: 30,
        answerCacheBytes: 0,
        nodeWatch: {
          ...{ intervalMs: 60_000, allowLoopback: true },
          canary: {
            name: "canary.users.example.eth",
            secrets: { walletKey: new Uint8Array(32).fill(0x33) },
          },
        },
        signer: {
          location: { kind: "keystore", file: "/etc/signpost/signer.json" },
          passphraseFile: "/run/secrets/passphrase",
          tokenFile: "/run/secrets/token",
          mostPerSec: 50,
          secrets: { gatewaySignerKey: new Uint8Array(32).fill(0x11) },
        },
        dm3Domains: { addresses: "addr.example.eth", names: "user.example.eth" },
      },
      relay: {
        ensName: "relay.example.eth",
        url: "https://relay.example.com",
        basePath: "",
        ens: {
          chainId: 31337n,
          registry: `0x${"11".repeat(20)}`,
          universalResolver: `0x${"22".repeat(20)}`,
          allowLoopback: true,
        },
        sizeLimit: 131_072,
        messageTtlDays: 30,
        formerKeyDays: 7,
        canary: { name: "canary.example.eth", everyMs: 60_000 },
        mailbox: { mostMessages: 10, mostBytes: 1024 * 1024 },
        blobs: { mostBytes: 0, account: { mostBlobs: 1, mostBytes: 1024 * 1024 } },
      },
      xmpp: {
        relayNode: "relay.example.eth",
        sizeLimit: 131_072,
        ens: {
          chainId: 31_337n,
          registry: `0x${"11".repeat(20)}`,
          universalResolver: `0x${"22".repeat(20)}`,
          allowLoopback: true,
        },
        component: {
          ...{ host: "::1", port: 5347, domain: "dm3.chat.example" },
          nativeDomain: "chat.example",
        },
        registry: { names: "users.example.eth", url: "https://names.example.com" },
        canary: { address: "canary@chat.example", server: "[::1]:5222", everyMs: 420_000 },
        secrets: {
          ...{ component: "between us", registryKey: "signpost_key" },
          canaryPassword: "between others",
        },
      },
      mail: {
        relayNode: "relay.example.eth",
        ...{ sizeLimit: 131_072, mailSizeLimit: 69_120, kept: null },
        ens: {
          chainId: 31_337n,
          registry: `0x${"11".repeat(20)}`,
          universalResolver: `0x${"22".repeat(20)}`,
          allowLoopback: true,
        },
        bridge: {
          ...{ domain: "dm3.mail.example", hostName: "mx.mail.example" },
          ...{ dkimFolder: "/etc/signpost/dkim", dkimSelector: "dm3-2026" },
          registry: { names: "bridge.example.eth", url: "https://names.example.com" },
        },
        listen: { host: "0.0.0.0", port: 25 },
        tls: { certFile: "/etc/tls/cert.pem", keyFile: "/etc/tls/key.pem" },
        smarthost: { host: "127.0.0.1", port: 587, user: "bridge" },
        outgoingTls: "verified",
        dnsServers: ["127.0.0.1:53", "[::1]:53"],
        canary: { address: { localPart: "canary", domain: "mail.example" }, everyMs: 1_800_000 },
        secrets: { registryKey: "signpost_key", smarthostPassword: "between them" },
      },
      storage: {
        ...{ url: "https://relay.example.com/kept", basePath: "/kept", retentionDays: 90 },
        ens: {
          chainId: 31_337n,
          registry: `0x${"11".repeat(20)}`,
          universalResolver: `0x${"22".repeat(20)}`,
          allowLoopback: true,
        },
        bounds: {
          ...{ mostConversations: 500, mostMessages: 1_000 },
          ...{ mostBytes: 10 * 1024 * 1024, mostMessageBytes: 64 * 1024 },
        },
      },
      sealing: {
        key: { kind: "aws-kms", keyId: "alias/secrets" },
        formerKeys: [
          { kind: "file", file: "/etc/signpost/secrets.key" },
          { kind: "aws-kms", keyId: "1234abcd" },
        ],
      },
    });
  });

  it("takes what is at a bound, and names the setting that is over it", () => {
    const accepted: [name: string, values: string[]][] = [
      ["PORT", ["0", "1", "65535"]],
      ["METRICS_PORT", ["0", "65535"]],
      ["LOG_LEVEL", ["error", "warn", "info", "debug"]],
      ["LOG_CLIENT_ADDRESSES", ["true", "false"]],
      ["OTEL_EXPORTER_OTLP_ENDPOINT", ["http://localhost:4318", "https://otel.example/x"]],
      ["ANSWER_VALIDITY_SEC", ["60", "300"]],
      [
        "DATABASE_URL",
        [
          "postgres://localhost/x",
          "postgresql://u@%2Ftmp%2Fsocket/x",
          "postgresql://u:p@/db?host=/cloudsql/project:region:instance",
        ],
      ],
      ["GATEWAY_SIGNER_KEY", [KEY, KEY.replace("11", "aB")]],
      ["DM3_ADDRESS_DOMAIN", ["addr.example.eth", "\u{1f44b}.eth"]],
      ["RELAY_URL", ["https://relay.example.com/ds", "http://127.0.0.1:8080/ds"]],
    ];
    for (const [name, values] of accepted) {
      for (const value of values) readConfig({ [name]: value });
    }
    const refused: [name: string, values: string[]][] = [
      ["PORT", ["-1", "65536", "80.5", "http", "8080x", "NaN", " ", "0x10", "1e3", "+1"]],
      ["ANSWER_VALIDITY_SEC", ["0", "59", "301", "30000", "-240", "4m", "240.5", " 240"]],
      ["METRICS_PORT", ["-1", "65536"]],
      ["LOG_LEVEL", ["INFO", "trace", "3"]],
      ["LOG_CLIENT_ADDRESSES", ["yes", "1", "TRUE"]],
      ["OTEL_EXPORTER_OTLP_ENDPOINT", ["localhost:4318", "grpc://localhost:4317"]],
      ["DATABASE_URL", ["localhost", "mysql://localhost/x", "https://db.example"]],
      // the last one lacks its primary
      ["STANDBY_DATABASE_URLS", ["localhost", "https://db.example", "postgres://localhost/x"]],
      ["DATABASE_POOLER", ["session", "TRANSACTION", "1"]],
      [
        "GATEWAY_SIGNER_KEY",
        ["0x", KEY.slice(2), KEY.slice(0, -1), `${KEY}00`, `${KEY}\n`, "0xzz"],
      ],
      ["GATEWAY_SIGNER", ["keystore", "vault:x", "http://signer.example"]],
      ["DM3_ADDRESS_DOMAIN", ["Addr.example.eth", ".addr.example.eth", "a..eth", "a b.eth"]],
      // the last one lacks the domain of the addresses
      ["DM3_NAME_DOMAIN", ["User.example.eth", "-.", "user.example.eth"]],
      ["RELAY_URL", ["http://relay.example.com", "https://ds.example.com/ds", "relay.example.com"]],
      ["RELAY_URL", ["https://relay.example.com/x", "https://relay.example.com/ds?x"]],
      ["RELAY_MESSAGE_TTL_DAYS", ["0", "29"]],
      ["TRUSTED_PROXIES", ["true", "10.0.0.0/33", "127.0.0.1,"]],
      ["CHAIN_RPC_URLS", ["https://rpc.example", "0=https://rpc.example", "1=ftp://rpc.example"]],
      ["SECRETS_KEY_LOCATION", ["file:", "/etc/key", "aws-kms:", "aws-kms:a key", "File:x", KEY]],
      ["SECRETS_KEY_LOCATION", [`file:${KEY}`, `file:${KEY.slice(2)}`, `aws-kms:${KEY}`]],
      // of a session, which ends by itself
      ["XMPP_REGISTRY_KEY", [sessionKeyFrom(new Uint8Array(32))]],
      ["MAIL_REGISTRY_KEY", [sessionKeyFrom(new Uint8Array(32)), "key"]],
      // the last one lacks the present key
      ["SECRETS_FORMER_KEY_LOCATIONS", ["file:a,", "file:a,b", KEY, "file:a"]],
    ];
    for (const [name, values] of refused) {
      for (const value of values) {
        const sentence = new RegExp(`^Correct these settings .*: ${name}: [^;]+\\.$`);
        expectError(() => readConfig({ [name]: value }), "INVALID_CONFIGURATION", sentence);
      }
    }
  });

  it("takes a canary of the mail bridge at another mail server alone", () => {
    const bridge = {
      ...{ MAIL_DOMAIN: "dm3.mail.example", MAIL_DKIM_KEYS: "/etc/signpost/dkim" },
      ...{ MAIL_NAMES: "bridge.example.eth", MAIL_REGISTRY_URL: "https://names.example.com" },
      MAIL_REGISTRY_KEY: "signpost_key",
    };
    expect(readConfig({ ...bridge, MAIL_CANARY: "me@mail.example" }).mail.canary).to.deep.equal({
      ...{ address: { localPart: "me", domain: "mail.example" }, everyMs: 600_000 },
    });
    for (const [canary, problem] of [
      ["canary@dm3.mail.example", /MAIL_CANARY is an address at MAIL_DOMAIN/],
      ["canary", /MAIL_CANARY.*local@domain/],
    ] as const) {
      const environment = { ...bridge, MAIL_CANARY: canary };
      expectError(() => readConfig(environment), "INVALID_CONFIGURATION", problem);
    }
  });

  it("takes a canary of the XMPP gateway at its own server alone, with a password and names", () => {
    const gateway = {
      ...{ XMPP_COMPONENT: "dm3.chat.example", XMPP_DOMAIN: "chat.example", XMPP_SECRET: "us" },
      ...{ XMPP_CANARY: "canary@chat.example", XMPP_CANARY_PASSWORD: "others" },
    };
    const names = {
      ...{ XMPP_NAMES: "users.example.eth", XMPP_REGISTRY_KEY: "signpost_key" },
      XMPP_REGISTRY_URL: "https://names.example.com",
    };
    expect(readConfig({ ...gateway, ...names }).xmpp.canary).to.deep.equal({
      ...{ address: "canary@chat.example", server: null, everyMs: 300_000 },
    });
    for (const [wrong, sentence] of [
      [{ ...gateway }, /XMPP_CANARY needs XMPP_NAMES/],
      [{ ...gateway, ...names, XMPP_CANARY_PASSWORD: "" }, /XMPP_CANARY_PASSWORD is missing/],
      [{ ...gateway, ...names, XMPP_CANARY: "canary@evil.example" }, /at XMPP_DOMAIN/],
      [{ ...gateway, ...names, XMPP_CANARY: "canary@x.chat.example" }, /at XMPP_DOMAIN/],
      [{ ...gateway, ...names, XMPP_CANARY: "canary@chat.example/phone" }, /user@host/],
    ] as const) {
      expectError(() => readConfig(wrong), "INVALID_CONFIGURATION", sentence);
    }
  });

  it("names all wrong settings at once, and repeats no value", () => {
    const wrong = {
      DATABASE_URL: "mysql://user:hunter2@db/x",
      STANDBY_DATABASE_URLS: "postgres://ok/x,mysql://user:hunter2@db/x",
      GATEWAY_SIGNER_KEY: `0x${"ab".repeat(31)}hunter2`,
      CHAIN_RPC_URLS: "1=https://rpc.example/v1/hunter2,2=hunter2",
      PORT: "hunter2",
      SECRETS_KEY_LOCATION: `0x${"ab".repeat(32)}`,
      SECRETS_FORMER_KEY_LOCATIONS: `file:/x,file:0x${"ab".repeat(32)}`,
      ANSWER_VALIDITY_SEC: "1234567",
    };
    let thrown: unknown;
    try {
      readConfig(wrong);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).to.be.an("error").with.property("code", "INVALID_CONFIGURATION");
    const told = `${String(thrown)} ${JSON.stringify(thrown)}`;
    for (const name of Object.keys(wrong)) expect(told).to.include(`${name}: `);
    for (const secret of ["hunter2", "mysql", "abab", "1234567"]) {
      expect(told).not.to.include(secret);
    }
  });

  it("keeps secrets apart from what may be logged", () => {
    const config = readConfig({
      DATABASE_URL: "postgres://u:hunter2@db/x",
      STANDBY_DATABASE_URLS: "postgres://u:hunter2@standby/x",
      GATEWAY_SIGNER_KEY: KEY,
      CHAIN_RPC_URLS: "1=https://rpc.example/hunter2",
      ...{ XMPP_COMPONENT: "dm3.chat.example", XMPP_DOMAIN: "chat.example" },
      ...{ XMPP_SECRET: "hunter2", XMPP_NAMES: "users.example.eth" },
      ...{ XMPP_REGISTRY_URL: "https://names.example", XMPP_REGISTRY_KEY: "signpost_hunter2" },
    });
    expect(config.installation.secrets.databaseUrl).to.include("hunter2");
    const rest = JSON.stringify(config, (key, value: unknown) => {
      if (typeof value === "bigint") return value.toString();
      return key === "secrets" ? undefined : value;
    });
    expect(rest)
      .to.include("validitySec")
      .and.not.to.match(/hunter2|1111/);
    expect(secretSettings(PARTS)).to.have.members(
      NAMES.filter((name) => /DATABASE_URL|RPC_URLS|_KEY$|_SECRET$|_PASSWORD$/.test(name)),
    );
  });

  it("explains every setting in .env.example, which is generated from the schema", async () => {
    const example = envExample();
    const file = await readFile(new URL("../../.env.example", import.meta.url), "utf8");
    expect(file, "run `npm run env-example`").to.equal(example);
    for (const name of NAMES) {
      expect(example).to.match(new RegExp(`\n\n(# .{10,}\n)+# ${name}=.*\n`));
    }
    expect(example).to.include("# PORT=8080\n").and.to.include("# ANSWER_VALIDITY_SEC=240\n");
  });

  it("means the defaults by .env.example, also when every line is uncommented", () => {
    const lines = envExample().match(/^# [A-Z_]+=.*$/gm) ?? [];
    const pairs = lines.map((line) => line.slice(2).split("="));
    expect(readConfig(Object.fromEntries(pairs) as Record<string, string>)).to.deep.equal(DEFAULTS);
  });
});
