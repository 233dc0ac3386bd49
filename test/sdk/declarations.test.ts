/** What an app's compiler knows of our errors, by the declarations that we ship. */
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import ts from "typescript";

const OPTIONS: ts.CompilerOptions = {
  strict: true,
  noEmit: true,
  skipLibCheck: true,
  types: [],
  target: ts.ScriptTarget.ES2023,
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
};

/** Beside this file, so that `signpost` is found as a package of its own; not on the disk. */
const APP = fileURLToPath(new URL("app.ts", import.meta.url));

const SOURCE = `
import { createClient, isSignpostError, type ErrorCode, type ErrorDetails } from "signpost/sdk";

export async function publish(name: string): Promise<string | number | undefined> {
  try {
    await createClient({ url: "https://a.example", apiKey: "key" }).names.get(name);
  } catch (error) {
    if (isSignpostError(error, "NAME_TAKEN")) return error.details.owner;
    if (isSignpostError(error, "WRONG_SEQUENCE")) return error.details.next;
    if (isSignpostError(error, "VERSION_CONFLICT")) return error.details.version ?? 0;
    if (isSignpostError(error, "UNKNOWN_RESOLVER")) return error.details.resolvers?.[0]?.chainId;
    if (isSignpostError(error, "WRONG_SIGNER")) return error.details.recovered;
    if (isSignpostError(error, "FORBIDDEN_ADDRESS")) return error.details.reason;
    if (isSignpostError(error, "NOT_WRITABLE")) return error.details.reason;
    if (isSignpostError(error, "LIMIT_EXCEEDED")) return error.details.limit?.toFixed();
  }
}
export const decoded: ErrorCode = "INVALID_CALL_DATA";
export const suspended: ErrorDetails["NAME_SUSPENDED"] = { name: "a", by: "service", reason: "b" };
`;

function complaints(source: string, more: ts.CompilerOptions = {}): string[] {
  const options = { ...OPTIONS, ...more };
  const host = ts.createCompilerHost(options);
  const app = ts.createSourceFile(APP, source, ts.ScriptTarget.ES2023);
  const program = ts.createProgram([APP], options, {
    ...host,
    fileExists: (file) => file === APP || host.fileExists(file),
    getSourceFile: (file, ...rest) => (file === APP ? app : host.getSourceFile(file, ...rest)),
  });
  return ts
    .getPreEmitDiagnostics(program)
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n"));
}

describe("the SDK's declarations", function () {
  this.timeout(180_000);

  it("tell by its code what an error's details are", () => {
    expect(complaints(SOURCE)).to.deep.equal([]);
  });

  it("take undefined for an option that is not given, as environments and props have it", () => {
    const source = `
      import { type ResolveOptions, resolveProfile } from "signpost/sdk";
      declare const signal: AbortSignal | undefined;
      declare const environment: Record<string, string | undefined>;
      const options: ResolveOptions = {
        rpc: "https://rpc.example",
        universalResolver: environment["UNIVERSAL_RESOLVER"],
        ensRegistry: environment["REGISTRY"],
        signal,
        timeoutMs: undefined,
        cache: undefined,
      };
      export const outcome = resolveProfile("alice.eth", options);
    `;
    expect(complaints(source, { exactOptionalPropertyTypes: true })).to.deep.equal([]);
  });

  it("know the codes that clients meet, and no others; and what is not in the details", () => {
    const wrong = `${SOURCE}
      export const late: ErrorCode = "TRANSACTION_FAILED";
      export const next = (error: unknown): number =>
        isSignpostError(error, "NAME_RESERVED") ? error.details.next : 0;
    `;
    const [code, details, ...others] = complaints(wrong);
    expect(code).to.match(/"TRANSACTION_FAILED"' is not assignable/);
    expect(details).to.match(/'unknown' is not assignable to type 'number'/);
    expect(others).to.deep.equal([]);
  });
});
