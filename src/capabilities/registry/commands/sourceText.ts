/** What `signpost source` prints of a source. */
import { toHex } from "../../../abi/hex.js";
import { addressFrom, checksumAddress } from "../../../ens/address.js";
import { COIN_TYPE_ETH } from "../../../ens/coinType.js";
import { foreignText } from "../../../fetch/foreignText.js";
import type { PostgresSettings } from "../../../registry/sources/postgresSettings.js";
import type { SourcedAnswer } from "../../../registry/sources/sourcedNames.js";
import type { SourceSettings } from "../../../registry/sources/sourceSettings.js";
import type { StoredSource } from "../../../registry/sources/sourceStore.js";

export function describeSource({ id, domain, settings, freshMs, scannedAtMs }: StoredSource) {
  return {
    ...{ id, domain, settings },
    freshSec: freshMs / 1000,
    scannedAt: scannedAtMs === null ? null : new Date(scannedAtMs).toISOString(),
  };
}

/** For a list; the columns are the domain, the source's number, and where it is. */
export function rowOfSource({ id, domain, settings }: StoredSource): readonly string[] {
  return [domain, id, placeOf(settings)];
}

function lineOfSource({ id, domain, settings }: StoredSource): string {
  return `${domain}  source ${id}  ${placeOf(settings)}`;
}

function placeOf(settings: SourceSettings): string {
  if (settings.kind === "http") return settings.endpoint;
  const { host, port, database, schema, table } = settings;
  return `${schema}.${table} in ${database} on ${host}:${port}`;
}

export function linesOfSource(source: StoredSource): readonly string[] {
  const { settings, freshMs, scannedAtMs } = source;
  const fresh = `  fresh     ${freshMs / 1000} s`;
  if (settings.kind === "http") {
    return [
      lineOfSource(source),
      `  at        ${reachOf(settings.network)}`,
      `  key       ${JSON.stringify(settings.publicKey)}`,
      fresh,
    ];
  }
  return [
    lineOfSource(source),
    ...linesOfPostgres(settings),
    fresh,
    `  scanned   ${scannedAtMs === null ? "not yet" : new Date(scannedAtMs).toISOString()}`,
  ];
}

function reachOf(network: string | null): string {
  return network === null ? "a public address" : `in ${network}`;
}

function linesOfPostgres({ user, tls, network, columns }: PostgresSettings): readonly string[] {
  const mapped = [
    ...(columns.wallet === null ? [] : [`wallet = ${columns.wallet}`]),
    ...(columns.profile === null ? [] : [`profile = ${columns.profile}`]),
    ...(columns.contenthash === null ? [] : [`content hash = ${columns.contenthash}`]),
    ...Object.entries(columns.texts).map(([key, column]) => `text ${key} = ${column}`),
    ...Object.entries(columns.addresses).map(([coin, column]) => `address ${coin} = ${column}`),
  ];
  return [
    `  as        ${user}, TLS ${tls}, ${reachOf(network)}`,
    `  label     ${columns.label}, compared ${columns.compare === "lower" ? "by lower(column)" : "exactly"}`,
    ...mapped.map((line, at) => `  ${at === 0 ? "records " : "        "}  ${line}`),
  ];
}

const WHY: Readonly<Record<SourcedAnswer["by"], string>> = {
  ownRow: "a row of our own, which counts more than the source's",
  source: "the source's row",
  suspension: "the name is suspended here",
  noRow: "the source has no such row",
  notBelow: "only names right below the domain are asked of a source",
  problem: "the source's row cannot be served",
};

export function describeAnswer(answer: SourcedAnswer) {
  const records = answer.served?.records ?? null;
  const [wallet] = records === null ? [] : [records.addresses.get(COIN_TYPE_ETH)];
  return {
    by: answer.by,
    why: answer.by === "problem" ? answer.problem.detail : WHY[answer.by],
    problem: answer.by === "problem" ? answer.problem.kind : null,
    records: records && {
      wallet: wallet ? checksumAddress(addressFrom(wallet)) : null,
      texts: Object.fromEntries(records.texts),
      addresses: Object.fromEntries(
        [...records.addresses].map(([coin, bytes]) => [coin.toString(), toHex(bytes)]),
      ),
      contenthash: records.contenthash && toHex(records.contenthash),
    },
  };
}

export function linesOfAnswer(
  name: string,
  { why, problem, records }: ReturnType<typeof describeAnswer>,
): readonly string[] {
  if (records === null) {
    return [
      `${name} is answered like an absent name: ${problem === null ? "" : `${problem}. `}${why}`,
    ];
  }
  const { wallet, texts, addresses, contenthash } = records;
  return [
    `${name} is answered by ${why}:`,
    ...(wallet === null ? [] : [`  wallet  ${wallet}`]),
    ...Object.entries(texts).map(([key, text]) => `  text    ${key} = ${foreignText(text)}`),
    ...Object.entries(addresses)
      .filter(([coin]) => coin !== "60")
      .map(([coin, bytes]) => `  coin    ${coin} = ${bytes}`),
    ...(contenthash === null ? [] : [`  content ${contenthash}`]),
  ];
}
