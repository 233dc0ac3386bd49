/** The pages of a service that runs them alone: what is sent, with which headers, and that nothing else is there. */
import { readFile } from "node:fs/promises";
import { request } from "node:http";
import { pathToFileURL } from "node:url";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { expect } from "chai";
import {
  ADMIN_PAGE,
  adminPage,
  startAdminPage,
} from "../../../src/capabilities/admin-page/adminPage.js";
import {
  LOOKUP_PAGE,
  lookupPage,
  startLookupPage,
} from "../../../src/capabilities/lookup-page/lookupPage.js";
import { readPageFiles } from "../../../src/http/web/pageFiles.js";
import { type Service, startService } from "../../../src/service/service.js";
import { removeFolder, temporaryFolder } from "../../childProgram.js";
import { expectRejection } from "../../expectError.js";

const NOWHERE = "postgresql://u@localhost:1/d?host=/nonexistent";
/** Each with its whole policy, so that a change of one is seen. */
const PAGES = [
  {
    page: LOOKUP_PAGE,
    policy:
      "default-src 'none'; script-src 'self'; style-src 'self'; connect-src https: http://127.0.0.1:* http://localhost:*; " +
      "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  },
  {
    page: ADMIN_PAGE,
    policy:
      "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; " +
      "require-trusted-types-for 'script'; trusted-types 'none'; frame-ancestors 'none'",
  },
] as const;

describe("http/web/pageRoutes", () => {
  let service: Service;

  before(async () => {
    const startables = [
      { capability: lookupPage, start: startLookupPage },
      { capability: adminPage, start: startAdminPage },
    ];
    service = await startService(startables, {
      host: "127.0.0.1",
      port: 0,
      database: { url: NOWHERE, standbyUrls: [], pooler: "none" },
      reportFailure: (error) => {
        throw error;
      },
    });
  });
  after(() => service.stop());

  /** Without `fetch`, which unpacks answers and follows redirects. */
  const ask = (path: string, { method = "GET", headers = {} } = {}) =>
    new Promise<{ status: number; headers: Record<string, unknown>; body: Buffer }>(
      (resolve, reject) => {
        const asked = request(`${service.url}${path}`, { method, headers }, (response) => {
          void response.toArray().then((chunks: Buffer[]) => {
            const { statusCode: status = 0, headers } = response;
            resolve({ status, headers, body: Buffer.concat(chunks) });
          }, reject);
        });
        asked.on("error", reject).end();
      },
    );

  for (const { page, policy } of PAGES) {
    describe(`of the ${page.title}`, () => {
      const built = (file: string) =>
        readFile(new URL(`../../../dist/${page.built}/${file}`, import.meta.url));
      const files = [
        { path: `/${page.path}`, file: "index.html", type: "text/html; charset=utf-8" },
        {
          path: `/${page.path}/page.css`,
          file: `${page.path}/page.css`,
          type: "text/css; charset=utf-8",
        },
        {
          path: `/${page.path}/page.js`,
          file: `${page.path}/page.js`,
          type: "text/javascript; charset=utf-8",
        },
      ] as const;

      for (const { path, file, type } of files) {
        it(`answers ${path} with its type and the headers that keep it safe`, async () => {
          const { status, headers, body } = await ask(path);
          expect(status).to.equal(200);
          expect(body.equals(await built(file))).to.equal(true);
          expect(headers).to.include({
            "content-type": type,
            "content-security-policy": policy,
            "x-content-type-options": "nosniff",
            "x-frame-options": "DENY",
            "referrer-policy": "no-referrer",
            "cross-origin-opener-policy": "same-origin",
            "cross-origin-resource-policy": "same-origin",
            "cache-control": "no-cache",
            vary: "accept-encoding",
          });
          expect(headers["content-encoding"]).to.equal(undefined);
          const head = await ask(path, { method: "HEAD" });
          expect(head.status).to.equal(200);
          expect(head.body).to.have.length(0);
          expect(head.headers["etag"]).to.equal(headers["etag"]);
        });

        it(`packs ${path} as the browser can take it, and sends it again only when it changed`, async () => {
          const content = await built(file);
          const etags = new Set<unknown>();
          for (const [encoding, unpack] of [
            ["br", brotliDecompressSync],
            ["gzip", gunzipSync],
            ["identity", (body: Buffer) => body],
          ] as const) {
            const accept = { "accept-encoding": encoding };
            const { headers, body } = await ask(path, { headers: accept });
            expect(headers["content-encoding"]).to.equal(
              encoding === "identity" ? undefined : encoding,
            );
            expect(unpack(body).equals(content), encoding).to.equal(true);
            const { etag } = headers;
            expect(etag).to.match(/^"[\w-]{43}(-br|-gzip)?"$/);
            etags.add(etag);
            const again = await ask(path, {
              headers: { ...accept, "if-none-match": String(etag) },
            });
            expect(again.status).to.equal(304);
            expect(again.body).to.have.length(0);
            expect(again.headers["content-security-policy"]).to.equal(policy);
            const changed = await ask(path, { headers: { ...accept, "if-none-match": '"older"' } });
            expect(changed.status).to.equal(200);
          }
          expect(etags.size).to.equal(3);
        });

        it(`takes nothing at ${path}`, async () => {
          for (const method of ["POST", "PUT", "PATCH", "DELETE"]) {
            const { status, headers, body } = await ask(path, { method });
            expect(status, method).to.equal(405);
            expect(headers["allow"]).to.equal("GET, HEAD");
            expect(JSON.parse(String(body))).to.include({
              code: "INVALID_REQUEST",
              message: `The ${page.title} is read by GET; ${method} does nothing here.`,
            });
          }
        });
      }

      it("has nothing else below its path", async () => {
        const others = [
          "/index.html",
          "/page.ts",
          "/page.js/",
          `/${page.path}/page.js`,
          "/../package.json",
        ];
        for (const path of [...others, "/%2e%2e/package.json", "/page.js%00", "/.signpost-built"]) {
          expect((await ask(`/${page.path}${path}`)).status, path).to.equal(404);
        }
      });

      it("leads from a slash at the end to the page, below any path of a proxy", async () => {
        const { status, headers } = await ask(`/${page.path}/?a=b`);
        expect(status).to.equal(308);
        expect(headers["location"]).to.equal(`../${page.path}`);
      });

      it("says the same policy in the page, for hosts that send no headers", async () => {
        const html = String(await built("index.html"));
        const [, said = ""] = /Content-Security-Policy"\s+content="([^"]+)"/.exec(html) ?? [];
        // no page can say this one of itself
        expect(`${said}; frame-ancestors 'none'`).to.equal(policy);
        expect(html).not.to.match(/<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=/);
      });

      it("does not start where the page was not built", async () => {
        const folder = await temporaryFolder();
        try {
          const empty = pathToFileURL(`${folder}/`);
          await expectRejection(
            readPageFiles(page, empty),
            "INVALID_CONFIGURATION",
            new RegExp(`npm run build, .* without the capability ${page.capability}`),
          );
        } finally {
          await removeFolder(folder);
        }
      });
    });
  }
});
