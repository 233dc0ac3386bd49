import js from "@eslint/js";
import importSort from "eslint-plugin-simple-import-sort";
import tseslint from "typescript-eslint";

export default tseslint.config(
  { ignores: ["artifacts", "build", "cache", "coverage", "dist", "node_modules", ".signpost"] },
  { ignores: ["examples/*/dist", "examples/*/.next", "examples/*/next-env.d.ts"] },
  js.configs.recommended,
  {
    plugins: { importSort },
    rules: {
      // what Node brings, then packages, then our own by the way to them: one block, no blank lines
      "importSort/imports": ["error", { groups: [["^node:", "^@?\\w", "^\\.\\.", "^\\."]] }],
      "importSort/exports": "error",
    },
  },
  {
    files: ["**/*.ts"],
    ignores: ["examples/**"],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: {
      parserOptions: { projectService: { allowDefaultProject: ["hardhat.config.ts"] } },
    },
    rules: {
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      "@typescript-eslint/consistent-type-imports": "error",
      // `import { type A }` still loads the module when the program runs
      "@typescript-eslint/no-import-type-side-effects": "error",
      "@typescript-eslint/switch-exhaustiveness-check": "error",
      // how a room adds its error codes to those of all (src/errors.ts)
      "@typescript-eslint/no-empty-object-type": [
        "error",
        { allowInterfaces: "with-single-extends" },
      ],
    },
  },
  {
    // apps of their own, whose packages are not here: npm run test:examples type checks them
    files: ["examples/**/*.{ts,tsx}"],
    extends: [tseslint.configs.strict, tseslint.configs.stylistic],
    rules: { "@typescript-eslint/no-non-null-assertion": "off" },
  },
  {
    files: ["test/**/*.ts"],
    rules: {
      // chai's property assertions are expressions; artifacts and fixtures come as JSON
      "@typescript-eslint/no-unused-expressions": "off",
      "@typescript-eslint/no-non-null-assertion": "off",
    },
  },
  {
    files: ["hardhat.config.ts"],
    extends: [tseslint.configs.disableTypeChecked],
    rules: { "@typescript-eslint/no-require-imports": "off" },
  },
  {
    files: ["**/*.mjs", "**/*.js"],
    languageOptions: {
      globals: { process: "readonly", console: "readonly", URL: "readonly", fetch: "readonly" },
    },
  },
);
