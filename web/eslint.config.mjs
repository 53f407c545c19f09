import eslint from "@eslint/js";
import { defineConfig } from "eslint/config";
import tseslint from "typescript-eslint";

export default defineConfig(
  { ignores: ["node_modules", "src/types/specification.d.ts"] },
  eslint.configs.recommended,
  {
    files: ["src/**/*.ts", "test/**/*.ts"],
    extends: [tseslint.configs.recommendedTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      "@typescript-eslint/no-unused-vars": ["error", { args: "after-used", argsIgnorePattern: "^_" }],
      // Handlers that do nothing are what is meant by them.
      "@typescript-eslint/no-empty-function": "off",
      // A search for code that is run must find none, not even `exec` of a pattern.
      "@typescript-eslint/prefer-regexp-exec": "off",
      eqeqeq: "error",
      "prefer-const": "error",
    },
  },
  { files: ["*.mjs"], languageOptions: { globals: { URL: "readonly" } } },
);
