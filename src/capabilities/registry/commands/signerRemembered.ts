/** `signpost signer list`, `remember` and `forget`: by whom gateways on this database sign, and where these are known. */
import type { Command } from "commander";
import type { ResolverPlace, SignerAtResolver, SignerStore } from "../../../db/signerStore.js";
import { checksumAddress, parseAddress } from "../../../ens/address.js";
import { SignpostError } from "../../../errors.js";
import { print } from "../../../terminal/print.js";
import { table } from "../../../terminal/table.js";
import { lookIntoInstallation, withInstallation } from "./installation.js";
import { type PlaceFlags, placeOf, withPlaceOptions } from "./servedResolver.js";

/** Of those who signed last; `--json` has all. */
const MOST_STRANGE_SHOWN = 50;

interface Listed {
  readonly address: string;
  /** At every resolver that is served; where none is, on this database. */
  readonly isKnown: boolean;
  readonly resolvers: readonly { chainId: string; resolver: string; isKnown: boolean }[];
  readonly firstAt: string;
  readonly lastAt: string | null;
}

export function rememberedCommands(signer: Command): void {
  signer
    .command("list")
    .description("list the signers that have signed on this database, or were confirmed")
    .option("--json", "print JSON")
    .action(async (flags: { json?: true }) => {
      const rows = await lookIntoInstallation(({ signers }) => listed(signers));
      const lines =
        rows.length > 0
          ? [...table(rows.map(rowOf), HEAD), ...strangeLines(rows)]
          : ["No gateway has signed on this database yet."];
      print(flags, rows, lines);
    });

  withPlaceOptions(
    signer
      .command("remember")
      .description("confirm a signer that you have checked: gateways here may switch to it unasked")
      .argument("<address>", "the signer's address, as `signpost signer show` prints it"),
  )
    .option("--json", "print JSON")
    .action(async (given: string, flags: PlaceFlags & { json?: true }) => {
      const [address, place] = [parseAddress(given), placeOf(flags)];
      const count = await withInstallation(({ signers }) => signers.remember(address, place));
      if (place !== null && count === 0) throw notServed(place);
      const shown = checksumAddress(address);
      print(flags, { address: shown, isKnown: true, resolvers: count }, [
        `${shown} is known ${place === null ? atAll(count) : atOne(place)} from now on.`,
      ]);
    });

  withPlaceOptions(
    signer
      .command("forget")
      .description(
        "take a confirmation back, of a key that was stolen or retired, or a wrong address",
      )
      .argument("<address>", "the signer's address, as `signpost signer list` prints it"),
  )
    .option("--json", "print JSON")
    .action(async (given: string, flags: PlaceFlags & { json?: true }) => {
      const [address, place] = [parseAddress(given), placeOf(flags)];
      const shown = checksumAddress(address);
      const where = place === null ? "here" : atOne(place);
      if (!(await withInstallation(({ signers }) => signers.forget(address, place)))) {
        throw new SignpostError(
          "NOT_FOUND",
          `${shown} is not known ${where}; see \`signpost signer list\`.`,
        );
      }
      print(flags, { address: shown, isKnown: false }, [
        `${shown} is a stranger ${where} from now on.`,
      ]);
    });
}

async function listed(signers: SignerStore): Promise<readonly Listed[]> {
  const rows = await signers.signers();
  return Promise.all(
    rows.map(async ({ address, isKnown, firstMs, lastMs }) => {
      const { at } = await signers.standingOf(address);
      return {
        address: checksumAddress(address),
        isKnown: at.length === 0 ? isKnown : at.every((place) => place.isKnown === true),
        resolvers: at.map(resolverOf),
        firstAt: new Date(firstMs).toISOString(),
        lastAt: lastMs === null ? null : new Date(lastMs).toISOString(),
      };
    }),
  );
}

function resolverOf({ chainId, resolver, isKnown }: SignerAtResolver) {
  const place = { chainId: chainId.toString(), resolver: checksumAddress(resolver) };
  return { ...place, isKnown: isKnown === true };
}

const HEAD = ["ADDRESS", "STATE", "SINCE", "SIGNED LAST"];

function rowOf(row: Listed): readonly string[] {
  return [row.address, stateOf(row), row.firstAt, row.lastAt ?? "not yet"];
}

function stateOf({ isKnown, resolvers }: Listed): string {
  const known = resolvers.filter((one) => one.isKnown).length;
  if (isKnown) return "known";
  return known === 0 ? "stranger" : `known at ${known} of ${resolvers.length}`;
}

/** Where those are strangers that are known somewhere else. */
function strangeLines(rows: readonly Listed[]): readonly string[] {
  const strange = rows
    .filter(({ resolvers }) => resolvers.some((one) => one.isKnown))
    .flatMap(({ address, resolvers }) =>
      resolvers
        .filter((one) => !one.isKnown)
        .map(({ chainId, resolver }) => [address, chainId, resolver]),
    );
  if (strange.length === 0) return [];
  const shown = strange.slice(0, MOST_STRANGE_SHOWN);
  const more = strange.length - shown.length;
  return [
    "",
    ...table(shown, ["STRANGER", "CHAIN", "RESOLVER"]),
    ...(more > 0 ? [`${more} more: --json`] : []),
  ];
}

function atAll(count: number): string {
  if (count === 0) return "on this database, which serves no resolver yet,";
  return count === 1 ? "at the one resolver served here" : `at the ${count} resolvers served here`;
}

function atOne({ chainId, resolver }: ResolverPlace): string {
  return `at the resolver ${checksumAddress(resolver)} on chain ${chainId.toString()}`;
}

function notServed(place: ResolverPlace): SignpostError {
  return new SignpostError(
    "NOT_FOUND",
    `Nothing is served ${atOne(place)}; see \`signpost domain list\`. Nothing was changed.`,
  );
}
